import re
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .forms import SampleForm

ROLES = {
    "financeur": "Financeur",
    "partenaire": "Partenaire",
    "initiateur": "Initiateur",
    "acteur": "Acteur",
    "regulateur": "Régulateur",
}
POSTURES = {"dominante": "Dominante", "facilitatrice": "Facilitatrice", "coproduction": "Coproduction"}
COLOURS = {
    "paper": "papier",
    "ink": "encre",
    "forest": "action",
    "terracotta": "accent",
    "ochre": "repère, focus",
    "river": "information",
    "plum": "visité",
    "danger": "erreur",
    "deep": "aplat",
}


@cache
def icon_names():
    sprite = (settings.BASE_DIR / "static" / "icons" / "sprite.svg").read_text(encoding="utf-8")
    return sorted(set(re.findall(r'<symbol id="([^"]+)"', sprite)) - {"logo"})


@login_not_required
@require_safe
def components(request):
    """Every component with its states, for those who build pages; it exists in development only."""
    if not settings.DEBUG:
        raise Http404
    return render(
        request,
        "design/components.html",
        {
            "roles": ROLES,
            "postures": POSTURES,
            "colours": COLOURS,
            "icons": icon_names(),
            "page": Paginator(range(120), 10).get_page(request.GET.get("page", 4)),
            "sample": SampleForm(),
            "refused": SampleForm(data={"summary": "", "theme": "", "phase": ""}, prefix="refused"),
        },
    )

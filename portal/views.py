from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from experiences import finding
from experiences.models import Experience, State, Theme
from inquiries import waiting
from inquiries.models import DRAFT_LIFE
from roles.models import Role


@login_not_required
@require_safe
def home(request):
    listed, base = Experience.objects.listed(), finding.current()
    featured, *others = listed.filter(state=State.PUBLISHED).for_list()[:4] or [None]
    return render(
        request,
        "portal/home.html",
        {
            "featured": featured,
            "others": others,
            "slow_growth": listed.illustrating("temps-long").first(),
            "count": base.count(),
            "departement_count": len(base.counts("departement")),
            "roles": Role.objects.all(),
            "themes": Theme.objects.with_listed_count(),
        },
    )


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "portal/accessibility.html")


@login_not_required
@require_safe
def legal(request):
    return render(request, "portal/legal.html")


@login_not_required
@require_safe
def privacy(request):
    kept = {"retention": settings.RETENTION_MONTHS, "draft_days": DRAFT_LIFE.days, "waits": waiting.WAITS}
    return render(request, "portal/privacy.html", kept)


# Each app adds its line when its pages open; one that has no address yet is left out.
SITEMAP = (
    (
        "Pour commencer",
        (
            ("Accueil", "portal:home"),
            ("Rechercher", "portal:search"),
            ("Poser une question", "inquiries:ask"),
            ("Se connecter", "accounts:sign_in"),
            ("Mes questions", "inquiries:mine"),
        ),
    ),
    (
        "S’inspirer",
        (
            ("Base d’expériences", "experiences:list"),
            ("Des expériences comme chez vous", "experiences:like_mine"),
            ("Situer votre collectivité", "positioning:start"),
            ("Communes et territoires", "territories:list"),
        ),
    ),
    (
        "Comprendre",
        (
            ("Cinq rôles, trois postures", "roles:list"),
            ("Pourquoi cela vous concerne", "roles:reasons"),
            ("L’entrepreneuriat de territoire", "roles:entrepreneurship"),
        ),
    ),
    (
        "À propos du portail",
        (
            ("Accessibilité : non conforme", "portal:accessibility"),
            ("Mentions légales", "portal:legal"),
            ("Données personnelles", "portal:privacy"),
        ),
    ),
)


@login_not_required
@require_safe
def sitemap(request):
    sections = [(heading, [link for entry in entries if (link := open_link(*entry))]) for heading, entries in SITEMAP]
    return render(request, "portal/sitemap.html", {"sections": [section for section in sections if section[1]]})


def open_link(label, name):
    try:
        return label, reverse(name)
    except NoReverseMatch:
        return None


@login_not_required
@require_safe
def favicon(request):
    """Browsers ask for it on what is not a page and names none: text, data."""
    return redirect(static("icons/favicon.svg"))


@login_not_required
@require_safe
def robots(request):
    return HttpResponse(
        "User-agent: *\nDisallow: /sante/\nDisallow: /connexion/\nDisallow: /compte/\n",
        content_type="text/plain; charset=utf-8",
    )


@login_not_required
@require_safe
def security(request):
    """RFC 9116: where to report a weakness."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

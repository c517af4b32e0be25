from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from .eligibility import verdict
from .models import EligibilityRuleSet
from .search import find

SUGGESTIONS = 8  # what can be read at a glance


@login_not_required
@require_safe
def search(request):
    """The places that a text may name: options for the combobox, or a list of objects for a program.

    With « service=non », the options do not tell whether the desk is open to them.
    """
    query = request.GET.get("q", "")
    is_for_a_program = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    is_judged = is_for_a_program or request.GET.get("service") != "non"
    rules = EligibilityRuleSet.objects.active() if is_judged else None
    found = [(place, verdict(place, rules) if is_judged else None) for place in find(query, SUGGESTIONS)]
    if is_for_a_program:
        rows = [describe(place, given) for place, given in found]
        response: HttpResponse = JsonResponse(rows, safe=False, json_dumps_params={"ensure_ascii": False})
    else:
        response = HttpResponse(render_to_string("territories/_options.html", {"found": found, "query": query}))
    patch_vary_headers(response, ["Accept"])
    patch_cache_control(response, public=True, max_age=300)
    return response


def describe(place, given):
    return {
        "cle": place.key,
        "code": place.code,
        "nom": place.name,
        "type": place.kind,
        "departement": place.departement and {"code": place.departement.code, "nom": place.departement.name},
        "population": place.population,
        "eligible": given.eligible,
        "motif": given.reason,
    }

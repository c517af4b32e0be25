"""What the portal knows of a place, and how to get to it."""

from operator import attrgetter

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Case, Exists, OuterRef, Q, When
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from experiences.models import Experience, Location, RoleHeld
from territories.eligibility import verdict
from territories.forms import PlaceSearchForm
from territories.models import ADDRESSES, Collectivity, EligibilityRuleSet, Kind
from territories.search import find, is_answered

FOUND = 20
EXPERIENCES = 12
COMMUNES_PER_PAGE = 120


@login_not_required
@require_safe
def index(request):
    """Look for a place by its name: the way in without a script, and after a page that does not exist."""
    query = request.GET.get("q", "").strip()
    rules = EligibilityRuleSet.objects.active()
    places = find(query, FOUND + 1)
    return render(
        request,
        "portal/places.html",
        {
            "form": PlaceSearchForm(initial={"q": query}),
            "query": query,
            "found": [(place, verdict(place, rules)) for place in places[:FOUND]],
            "is_capped": len(places) > FOUND,
            "is_answered": is_answered(query, places),
        },
    )


@login_not_required
@require_safe
def place(request, code):
    """A commune, or else an intercommunalité; an old code leads to what became of it, a number to its département."""
    coded = with_its_surroundings().filter(code=code.upper())
    home = coded.filter(kind__in=[Kind.COMMUNE, Kind.INTERCOMMUNALITY]).order_by("kind").first()
    wider = coded.current().filter(kind__in=[Kind.DEPARTEMENT, Kind.OVERSEAS, Kind.REGION])
    if home is None and (above := wider.order_by("kind").first()):
        return redirect(above)
    return show(request, home, code)


@login_not_required
@require_safe
def place_of_kind(request, word, code):
    kinds = [kind for kind, address in ADDRESSES.items() if address == word]
    return show(request, with_its_surroundings().filter(code=code.upper(), kind__in=kinds).first(), code)


def with_its_surroundings():
    return Collectivity.objects.select_related(
        "departement",
        "region",
        "intercommunality",
        "seat",
        "successor",
        "parent__departement",
        "parent__intercommunality",
    )


def show(request, found, code):
    if (found is None or not found.is_current) and (heir := heir_of(found, code.upper())):
        return redirect(heir, permanent=True)
    if found is None:
        return render(request, "portal/place_unknown.html", {"form": PlaceSearchForm(), "code": code}, status=404)
    if found.get_absolute_url() != request.path:
        return redirect(found, permanent=True)
    experiences = experiences_of(found)
    return render(
        request,
        "portal/place.html",
        {
            "place": found,
            "verdict": verdict(found),
            "experiences": experiences.for_list()[:EXPERIENCES],
            "experience_count": experiences.count(),
            "departements": [found.departement] if found.departement else [],
            **inside(request, found),
        },
    )


def heir_of(found, code):
    """The déléguée or the associée that kept the name, the successor, or the commune that took this code in."""
    part = Collectivity.objects.current().filter(code=code, kind__in=[Kind.DELEGATED, Kind.ASSOCIATED])
    if (found is None or found.kind == Kind.COMMUNE) and (kept := part.first()):
        return kept
    if found:
        return found.successor
    return Collectivity.objects.current().once_coded(code).first()


def inside(request, found):
    """What lies in it, one step below."""
    places = Collectivity.objects.current()
    match found.kind:
        case Kind.COMMUNE:
            # The codes of arrondissements follow their numbers; by name, the 10th would come before the 2nd.
            number = Case(When(kind=Kind.MUNICIPAL_DISTRICT, then="code"))
            return {"parts": places.filter(parent=found).order_by(number, "sort_name", "code")}
        case Kind.INTERCOMMUNALITY:
            members = places.filter(intercommunality=found).for_list().in_order()
            others = {member.departement for member in members if member.departement}
            return {"members": members, "departements": main_first(others, found.departement)}
        case Kind.DEPARTEMENT | Kind.OVERSEAS:
            communes = places.communes().filter(departement=found).in_order()
            return {
                "intercommunalities": places.intercommunalities().in_departement(found).in_order(),
                "page": Paginator(communes, COMMUNES_PER_PAGE).get_page(request.GET.get("page")),
            }
        case Kind.REGION:
            return {"departement_list": places.departements().filter(region=found).order_by("code")}
    return {}


def main_first(departements, main):
    """In the order of their numbers, after the one where most of the people live."""
    return ([main] if main else []) + sorted(departements - {main}, key=attrgetter("code"))


def experiences_of(found):
    """Those that take place there, that it carries, or in which it held a role."""
    itself = Collectivity.objects.filter(pk=found.pk)
    inside = Collectivity.objects.filter(Q(pk=found.pk) | within(found))
    # What communes do in an intercommunalité is of its doing; a département has no part in it.
    holders = inside if found.kind in (Kind.COMMUNE, Kind.INTERCOMMUNALITY) else itself
    located = Location.objects.filter(experience=OuterRef("pk"), collectivity__in=inside.values("pk"))
    held = RoleHeld.objects.shown().filter(experience=OuterRef("pk"), collectivities__in=holders.values("pk"))
    return Experience.objects.listed().filter(Exists(located) | Exists(held) | Q(bearer__in=holders.values("pk")))


def within(found):
    match found.kind:
        case Kind.COMMUNE:
            return Q(parent=found)
        case Kind.INTERCOMMUNALITY:
            return Q(intercommunality=found) | Q(parent__intercommunality=found)
        case Kind.DEPARTEMENT | Kind.OVERSEAS:
            return Q(departement=found)
        case Kind.REGION:
            return Q(region=found)
    return Q(pk=found.pk)

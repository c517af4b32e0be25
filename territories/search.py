"""Find a place from what somebody types: its name, more or less, or one of its codes."""

import re
import unicodedata
from dataclasses import dataclass, field

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, FloatField, Func, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce

from .models import PARTS_OF_A_COMMUNE, Collectivity, Kind

LONGEST = 100  # the longest name has 67 characters: the rest of a longer text is not read

ARTICLE = re.compile(r"^(?:le|la|les|l|las|los|aux) (?=.)")
LINK = r"(?: (?:de la|de l|du|des|de|d))?"
# A word that says which kind is meant. It may also belong to the name: « Ville-d’Avray », « Pays de Bitche ».
KIND_WORDS = [
    (
        r"cc|ca|cu|metropole|communaute de communes|communaute d agglomeration|communaute urbaine|agglomeration"
        r"|com com|interco|intercommunalite|epci",
        [Kind.INTERCOMMUNALITY],
    ),
    (r"petr|pays", [Kind.PETR, Kind.PAYS]),
    (r"pnr|parc naturel regional|parc naturel|parc", [Kind.PARK]),
    (r"commune|mairie|ville", [Kind.COMMUNE]),
    (r"commune deleguee|commune associee", PARTS_OF_A_COMMUNE),
    (r"departement", [Kind.DEPARTEMENT, Kind.OVERSEAS]),
    (r"region", [Kind.REGION, Kind.OVERSEAS]),
]
PLACE_CODE = re.compile(r"\b(\d[\dab]\d{3})\b")
DEPARTEMENT_CODE = re.compile(r"(?:^| )(\d\d|2[ab]|9[78]\d)$")

BROAD = 60
SHARED = 70
"""At most 62 places share a postal code (14140): whoever types one sees them all, the smallest too."""

# Where a place stands in the answer, before how many people live there.
EXACT, PREFIX, NEAR, WORD, ALIKE = range(5)

# Whoever types a name means the commune, even where a larger body bears nearly the same name: « toulous » is Toulouse
# before Toulouse Métropole, « mayenne » the commune before the département.
WEIGHTS = {Kind.COMMUNE: 6.0, Kind.DEPARTEMENT: 0.01, Kind.REGION: 0.01, Kind.OVERSEAS: 0.01}

BY_WEIGHT = [
    (
        Cast(Coalesce(F("population"), 0), FloatField())
        * Case(*[When(kind=kind, then=Value(weight)) for kind, weight in WEIGHTS.items()], default=Value(1.0))
    ).desc(),
    "kind",
    "sort_name",
    "code",
]


def fold(text):
    """As territories_search_name does in the database, but for the legal forms of intercommunalités."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    words = ARTICLE.sub("", re.sub("[^a-z0-9]+", " ", bare).strip())
    return re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", words))


@dataclass
class Query:
    """What a text may mean: whole, and without the words that only help to tell homonyms apart."""

    name: str
    bare_name: str = ""
    codes: list[str] = field(default_factory=list)
    departement: str = ""
    kinds: list[Kind] = field(default_factory=list)

    @property
    def names(self):
        return list(dict.fromkeys(name for name in (self.name, self.bare_name) if name))

    @property
    def essence(self):
        """What slips are looked for in."""
        return self.names[-1]


def understand(text):
    name = fold(text[:LONGEST])
    compact = name.replace(" ", "")
    if re.fullmatch(r"\d{9}|\d{14}", compact):
        return Query("", codes=[compact[:9]])
    if re.fullmatch(r"\d[\dab]\d{0,3}", compact):
        return Query("", codes=[compact.upper()])
    query, rest = Query(name), name
    if code := PLACE_CODE.search(rest):
        query.codes = [code[1].upper()]
        rest = f"{rest[: code.start()]} {rest[code.end() :]}"
    elif code := DEPARTEMENT_CODE.search(rest):
        query.departement = code[1].upper()
        rest = rest[: code.start()]
    for words, kinds in KIND_WORDS:
        if said := re.match(rf" ?(?:{words}){LINK} (?=.)", rest):
            query.kinds = kinds
            rest = rest[said.end() :]
            break
    query.bare_name = ARTICLE.sub("", " ".join(rest.split()))
    return query


def find(text, limit=10):
    """The current places that a text may name, the most likely first: one statement, on indexes."""
    query = understand(text)
    current = Collectivity.objects.current().select_related("departement", "intercommunality", "parent__departement")
    if not query.names:
        most = max(limit, SHARED)
        return current.filter(coded(query.codes)).order_by(*BY_WEIGHT)[:most] if query.codes else current.none()
    near = near_names(query.essence)
    first, *others = [way.values("pk") for way in ways(query, near)]
    return (
        current.filter(pk__in=first.union(*others))
        .annotate(tier=tier(query.names, near), likeness=likeness(query.essence), is_meant=meant(query))
        .order_by("-is_meant", "tier", "-likeness", *BY_WEIGHT)[:limit]
    )


def is_answered(text, places):
    """Whether one of the places found has the name and the kind that were said, rather than merely a name alike."""
    kinds = understand(text).kinds
    return any(getattr(place, "tier", EXACT) < ALIKE and (not kinds or place.kind in kinds) for place in places)


def ways(query, near):
    """Each reading of the text, served by an index of its own; the broad ones keep what has a chance to be shown."""
    current = Collectivity.objects.current()
    yield current.filter(coded(query.codes)) if query.codes else current.none()
    for name in query.names:
        yield current.filter(search_name=name)
        if len(name) > 1:
            for condition in (Q(search_name__startswith=name), Q(search_name__contains=f" {name}")):
                yield current.filter(condition).order_by(*likeliest(query))[:BROAD]
    if len(query.essence) > 3:
        alike = current.filter(search_name__trigram_similar=query.essence)
        yield alike.order_by(TrigramSimilarity("search_name", query.essence).desc())[:BROAD]
    if near is not None:
        yield near


def coded(codes):
    """By INSEE code, of today or of yesterday, postal code or SIREN."""
    short = [code for code in codes if len(code) == 5]
    found = Q(code__in=codes) | Q(siren__in=codes)
    # A longer code would be cut to the width of the column, and match.
    return found | Q(postal_codes__overlap=short) | Q(former_codes__overlap=short) if short else found


def near_names(name):
    """Those of which a letter is too many, missing or changed, or two swapped."""
    if not 4 <= len(name) <= 12:
        return None
    return Collectivity.objects.alias(
        near=Func(Cast("search_name", TextField()), function="territories_near", output_field=ArrayField(TextField()))
    ).filter(near__overlap=sorted(without_a_letter(name)))


def without_a_letter(name):
    return {name, *(name[:i] + name[i + 1 :] for i in range(len(name)))}


def tier(names, near):
    cases = [
        When(search_name__in=names, then=EXACT),
        *[When(search_name__startswith=name, then=PREFIX) for name in names],
    ]
    words = [When(search_name__contains=f" {name}", then=WORD) for name in names]
    nearly = [When(pk__in=near.order_by().values("pk"), then=NEAR)] if near is not None else []
    # In a very short word, almost everything is a letter away.
    cases += nearly + words if max(map(len, names)) > 4 else words + nearly
    return Case(*cases, default=ALIKE, output_field=IntegerField())


def likeness(name):
    """Counts between names that are merely alike: what is above has the order of its weight."""
    alike = TrigramSimilarity("search_name", name)
    return Case(When(tier=ALIKE, then=alike), default=Value(1.0), output_field=FloatField())


def said(query):
    """What the text says beside the name: a département, a code, a kind; empty when it says nothing."""
    hints = Q()
    if query.departement:
        hints &= Q(departement__code=query.departement)
    if query.codes:
        hints &= coded(query.codes)
    if query.kinds:
        hints &= Q(kind__in=query.kinds)
    return hints


def likeliest(query):
    hints = said(query)
    return [Case(When(hints, then=0), default=1), *BY_WEIGHT] if hints else BY_WEIGHT


def meant(query):
    """First what is called by the whole text, then what has the name and all that is said beside it."""
    hints = said(query)
    if not hints:
        return Value(0)
    return Case(
        When(search_name__startswith=query.name, then=2),
        When(hints & Q(tier__lte=WORD), then=1),
        default=0,
        output_field=IntegerField(),
    )

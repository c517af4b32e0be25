from django import template
from django.template.defaultfilters import capfirst
from django.utils.html import conditional_escape, format_html

from territories.models import Kind
from territories.search import fold
from typography import french

register = template.Library()


@register.filter
def described(place):
    """What tells it from its homonyms: « Communauté de communes · Lot (46) · 44 038 habitants »."""
    kind = "" if place.kind == Kind.COMMUNE else capfirst(place.kind_text)
    if place.kind in (Kind.DEPARTEMENT, Kind.OVERSEAS):
        kind = f"{kind} ({place.code})"
    population = "" if place.population is None else inhabitants(place.population)
    return french.typo(" · ".join(filter(None, [kind, place.place_text, population])))


def inhabitants(count):
    return f"{french.number(count)} habitant{'s' if count > 1 else ''}"


@register.filter
def marked(name, query):
    """The name, with what the reader typed of it in a mark: {{ place.name|marked:query }}."""
    name = french.typo(name)
    wanted = fold(query)
    # Letter by letter, so that the place of a match in the folded name is its place in the name itself.
    letters = [fold(letter) or " " for letter in name]
    start = "".join(letters).find(wanted) if wanted and all(len(letter) == 1 for letter in letters) else -1
    if start < 0:
        return conditional_escape(name)
    end = start + len(wanted)
    return format_html("{}<mark>{}</mark>{}", name[:start], name[start:end], name[end:])

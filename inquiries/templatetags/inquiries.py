from django import template

from inquiries.models import State
from typography import french

register = template.Library()

STATE_CSS = {
    State.RECEIVED: "state--new",
    State.IN_PROGRESS: "state--open",
    State.TO_COMPLETE: "state--wait",
    State.ANSWERED: "state--done",
    State.CLOSED: "state--done",
}
"""The look of a state (design: « .state »); side exits have none."""


@register.filter
def state_css(state):
    return STATE_CSS.get(state, "")


@register.filter
def counted(place):
    """« Figeac (46), 9 834 habitants »: who asks, as far as the list needs it."""
    if place.population is None:
        return french.typo(place.label)
    plural = "s" if place.population > 1 else ""
    return f"{french.typo(place.label)}, {french.number(place.population)}\u00a0habitant{plural}"

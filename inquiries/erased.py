from django.db.models import Q

from accounts.erasure import goes_with_account

from . import actions
from .models import Draft, EventKind, Inquiry


@goes_with_account
def questions(person):
    """What they asked loses their name, what waited for an answer waits no more; what they follow goes back."""
    asked = Inquiry.objects.filter(Q(asker=person) | Q(asker=None, email=person.email, erased_at=None))
    for inquiry in asked:
        if not inquiry.is_over:
            actions.end(inquiry, EventKind.WITHDRAWN if inquiry.is_open else EventKind.CLOSED, by=None)
        actions.erase(inquiry)
    for inquiry in Inquiry.objects.open().filter(adviser=person):
        actions.hand_over(inquiry, None, seen=person, by=person)
    Draft.objects.filter(owner=person).delete()

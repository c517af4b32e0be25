"""Ways to come by questions."""

from datetime import datetime, time
from itertools import count

from django.utils import timezone

from inquiries import actions
from inquiries.models import Draft
from territories.eligibility import verdict
from tests.accounts.factories import make_place

_numbers = count(1)


def make_question(place=None, **fields):
    place = place or make_place(population=312)
    judged = verdict(place)
    return actions.Question(
        collectivity=place,
        eligibility={"eligible": judged.eligible, "reason": judged.reason, "facts": judged.facts},
        **{"subject": "Peut-on prêter la salle des fêtes à une entreprise ?", "text": "Pour un salon.", **fields},
    )


def make_identity(person=None, **fields):
    email = person.email if person else f"mairie{next(_numbers)}@exemple.fr"
    names = {"first_name": "Hélène", "last_name": "Rouvière", "function": "adjoint"}
    return actions.Identity(**{**names, "email": email, **fields})


def make_inquiry(person=None, place=None, *, draft=None, **fields):
    """A question asked by this person, or from an address that nobody proved yet."""
    draft = draft or Draft.objects.create(owner=person)
    return actions.ask(draft, make_question(place, **fields), make_identity(person), person=person)


def answered(inquiry, by, text="Oui, par convention."):
    return actions.answer(inquiry, text, by=by, key=f"cle{next(_numbers)}", seen=last(inquiry))


def detail_asked(inquiry, by, text="Est-ce une association ?"):
    return actions.ask_detail(inquiry, text, by=by, key=f"cle{next(_numbers)}", seen=last(inquiry))


def replied(inquiry, by, text="Oui, une association."):
    return actions.reply(inquiry, text, by=by, key=f"cle{next(_numbers)}", uploads=[])


def last(inquiry):
    return inquiry.messages.order_by("pk").values_list("pk", flat=True).last()


def at(day, hour=10):
    """A moment of a day, on the clock of Paris."""
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())

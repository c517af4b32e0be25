"""The list of the desk: which questions an address asks for, in which order, and what comes before and after one."""

import re
from functools import cached_property
from math import ceil
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import RIGHTS, Right
from territories.models import Collectivity

from .models import OPEN_STATES, Inquiry, QuestionTheme, State

PER_PAGE = 25
SHOWN_MOST = 5000
"""A page far down costs as much as all those before it: beyond this, one filters."""
EVERY = "toutes"
MINE, NOBODY = "moi", "personne"
NUMBER = re.compile(r"(?:Q?\W*(?P<year>\d{4})\W+)?0*(?P<rank>\d{1,7})", re.IGNORECASE)


def advisers():
    """Those who may answer, by name."""
    duties = [duty for duty, rights in RIGHTS.items() if Right.ANSWER in rights]
    return User.objects.filter(is_active=True, duties__overlap=duties).order_by("last_name", "first_name", "pk")


def in_charge():
    """The advisers, and whoever left with questions still open."""
    busy = Inquiry.objects.open().exclude(adviser=None).values("adviser")
    return (advisers() | User.objects.filter(pk__in=busy)).order_by("last_name", "first_name", "pk")


def team():
    people = [(str(person.pk), str(person)) for person in in_charge()]
    return [("", "Toute l’équipe"), (MINE, "Moi"), (NOBODY, "Personne"), *people]


def full_number(typed: str) -> str:
    """« 42 » is this year’s, « 2025-42 » that of 2025; what is no number is returned as it is."""
    found = NUMBER.fullmatch(typed.strip())
    if found is None:
        return typed
    return f"Q-{found['year'] or timezone.localdate().year}-{int(found['rank']):04}"


class QuestionsForm(forms.Form):
    numero = forms.CharField(
        label="Numéro de question",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--s", "autocomplete": "off", "placeholder": "Q-2026-1184"}),
    )
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "À traiter"), *State.choices, (EVERY, "Toutes, closes comprises")]
    )
    theme = forms.ModelChoiceField(
        QuestionTheme.objects.all(), label="Thème", required=False, to_field_name="key", empty_label="Tous"
    )
    conseiller = forms.ChoiceField(label="Suivie par", required=False, choices=team)
    retard = forms.BooleanField(label="En retard", required=False)
    collectivite = forms.ModelChoiceField(
        Collectivity.objects.all(), required=False, to_field_name="key", widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("etat", "theme", "conseiller"):
            self.fields[name].widget.attrs["class"] = "input--s"
        for name in ("etat", "theme", "conseiller", "collectivite"):
            self.fields[name].error_messages["invalid_choice"] = "Ce filtre n’existe pas, ou plus."

    @property
    def criteria(self) -> dict[str, Any]:
        """What was understood; a filter that means nothing is told, and left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CappedPaginator(Paginator):
    object_list: QuerySet[Inquiry]

    @cached_property
    def count(self):
        return self.object_list.order_by()[: SHOWN_MOST + 1].count()

    @property
    def is_capped(self):
        return self.count > SHOWN_MOST

    @cached_property
    def num_pages(self):
        return max(ceil(min(self.count, SHOWN_MOST) / self.per_page), 1)


class Questions:
    """Those waiting come by due date, then those whose clock is stopped; the others, the newest first."""

    def __init__(self, criteria: dict[str, Any], user: User):
        self.criteria = criteria
        self.state = criteria.get("etat") or ("" if "collectivite" not in criteria else EVERY)
        self.rows = self._filtered(Inquiry.objects.visible_to(user), user)

    def _filtered(self, rows, user):
        if self.state != EVERY:
            rows = rows.filter(state=self.state) if self.state else rows.open()
        for name, field in (("theme", "theme"), ("collectivite", "collectivity")):
            if name in self.criteria:
                rows = rows.filter(**{field: self.criteria[name]})
        adviser = self.criteria.get("conseiller")
        if adviser == NOBODY:
            rows = rows.unclaimed()
        elif adviser:
            rows = rows.filter(adviser=user if adviser == MINE else adviser)
        return rows.late() if "retard" in self.criteria else rows

    @property
    def is_by_due_date(self):
        return not self.state or self.state in OPEN_STATES

    @property
    def in_order(self):
        if self.is_by_due_date:
            return self.rows.order_by("due_on", "pk")
        if self.state == EVERY:
            return self.rows.order_by("-pk")
        return self.rows.order_by(F("due_on").desc(nulls_first=True), "-pk")  # none has a date: the order of the index

    def page(self, number):
        return CappedPaginator(self.in_order.for_list().prefetch_related("events"), PER_PAGE).get_page(number)

    def neighbours(self, inquiry: Inquiry):
        """The numbers before and after; after one that has left this list by its state comes the first that waits."""
        if not self.is_by_due_date:
            before = self.rows.filter(pk__gt=inquiry.pk).order_by("pk")
            after = self.rows.filter(pk__lt=inquiry.pk).order_by("-pk")
        elif not inquiry.is_open:
            before, after = self.rows.none(), self.in_order
        elif inquiry.due_on is None:
            before = self.rows.filter(Q(due_on__isnull=False) | Q(due_on=None, pk__lt=inquiry.pk))
            after = self.rows.filter(due_on=None, pk__gt=inquiry.pk).order_by("pk")
            before = before.order_by(F("due_on").desc(nulls_first=True), "-pk")
        else:
            same = Q(due_on=inquiry.due_on)
            before = self.rows.filter(Q(due_on__lt=inquiry.due_on) | same & Q(pk__lt=inquiry.pk))
            after = self.rows.filter(
                Q(due_on__gt=inquiry.due_on) | same & Q(pk__gt=inquiry.pk) | Q(due_on=None)
            ).order_by("due_on", "pk")
            before = before.order_by("-due_on", "-pk")
        return before.values_list("number", flat=True).first(), after.values_list("number", flat=True).first()

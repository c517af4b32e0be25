"""Rows of the admin that bear their place among the others."""

from django import forms
from django.db.models import Max


class NumberedFormSet(forms.BaseInlineFormSet):
    """Rows that nobody numbered follow the others, in the order of the page."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "position" in form.fields:  # not where the page is only read
            form.fields["position"].required = False
            form.fields["position"].help_text = "Vide\u00a0: à la suite des autres."

    def save(self, commit=True):
        unnumbered = [form for form in self.forms if form.has_changed() and form.instance.position is None]
        if unnumbered:
            rows = self.get_queryset()
            taken = [form.instance.position or 0 for form in self.forms]
            last = max(rows.aggregate(last=Max("position"))["last"] or 0, *taken)
            for position, form in enumerate(unnumbered, start=last + 1):
                form.instance.position = position
        return super().save(commit)

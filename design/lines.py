"""Fields of the admin: a list of sentences is edited one a line, where Django's own field cuts at each comma."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import URLField


class LinesField(SimpleArrayField):
    widget = forms.Textarea(attrs={"rows": 4, "cols": 90})

    def __init__(self, base_field, **options):
        super().__init__(base_field, delimiter="\n", **options)
        self.help_text = f"{self.help_text} Une phrase par ligne.".strip()

    def to_python(self, value):
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class WithLines:
    """For an admin whose model has lists of sentences."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, ArrayField):
            return db_field.formfield(form_class=LinesField)
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

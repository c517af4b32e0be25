"""The versions of a sheet, told in the words of its form."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper


class InWords(HistoricalRecordContextHelper):
    def prepare_delta_change_value(self, change, value):
        value = super().prepare_delta_change_value(change, value)
        choices = dict(self.model._meta.get_field(change.field).flatchoices)
        if isinstance(value, bool):
            return "oui" if value else "non"
        if value in (None, "", []):
            return "(vide)"
        if isinstance(value, DeletedObject):
            return "(vide)" if value.pk is None else "(supprimé)"
        if isinstance(value, date):
            return date_format(timezone.localtime(value) if isinstance(value, datetime) else value)
        return value if isinstance(value, list) else choices.get(value, value)

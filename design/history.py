"""The versions of a record in the admin: told in the words of its form, read and never put back as they were."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.admin import SimpleHistoryAdmin
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


class HistoryAdmin(SimpleHistoryAdmin):
    """An old version put back whole would bring its state back too, past every rule that leads to it."""

    object_history_list_template = "admin/history_list.html"

    def history_view_title(self, request, obj):
        return f"Historique\u00a0: {obj}"

    def get_historical_record_context_helper(self, request, historical_record):
        return InWords(self.model, historical_record)

    def revert_disabled(self, request, obj=None):
        return True

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if request.method == "POST":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

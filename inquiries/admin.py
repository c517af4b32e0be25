"""What managers keep of the desk. Questions, messages and events are not here: people’s words stay at the desk."""

from django.contrib import admin

from jobs import queue

from .models import ClosingDays, QuestionTheme


class RecountsDelays(admin.ModelAdmin):
    """Whatever changes here changes the last day for answering the open questions."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        queue.put("inquiries.due_again")

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        queue.put("inquiries.due_again")

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        queue.put("inquiries.due_again")


@admin.register(QuestionTheme)
class QuestionThemeAdmin(RecountsDelays):
    list_display = ["label", "answer_days", "is_offered", "position"]
    list_editable = ["answer_days", "is_offered", "position"]
    search_fields = ["label", "key"]
    fields = ["label", "key", "answer_days", "is_offered", "position"]
    prepopulated_fields = {"key": ["label"]}

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        """The key is in addresses of the list and in the events."""
        return ["key"] if obj else []


@admin.register(ClosingDays)
class ClosingDaysAdmin(RecountsDelays):
    list_display = ["first", "last", "reason"]
    search_fields = ["reason"]

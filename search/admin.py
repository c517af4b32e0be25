from django.contrib import admin

from design.lines import WithLines

from .models import MissedSearch, Synonym


@admin.register(Synonym)
class SynonymAdmin(WithLines, admin.ModelAdmin):
    list_display = ["__str__"]
    search_fields = ["expressions"]


@admin.register(MissedSearch)
class MissedSearchAdmin(admin.ModelAdmin):
    """What was looked for in vain: read, never written by hand."""

    list_display = ["words", "day", "count"]
    list_filter = ["day"]
    search_fields = ["words"]
    date_hierarchy = "day"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

from django.contrib import admin

from design.history import HistoryAdmin
from design.lines import WithLines
from roles.models import Argument, Demand, FoundingExample, Posture, Role


class FoundingExampleInline(admin.TabularInline):
    model = FoundingExample
    fields = ["position", "text", "experience_slug"]
    extra = 0


class DemandInline(admin.TabularInline):
    model = Demand
    fields = ["audience", "position", "text", "basis", "experience_slug"]
    extra = 0


class DefinitionAdmin(WithLines, HistoryAdmin):
    """The five roles and the three postures are given: they are explained here, not added to."""

    list_display = ["__str__", "position", "definition"]
    search_fields = ["definition"]
    readonly_fields = ["key"]
    inlines: list[type[admin.TabularInline]] = [FoundingExampleInline]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.register(Posture, DefinitionAdmin)


@admin.register(Role)
class RoleAdmin(DefinitionAdmin):
    inlines = [FoundingExampleInline, DemandInline]


@admin.register(Argument)
class ArgumentAdmin(WithLines, HistoryAdmin):
    list_display = ["title", "position"]
    list_filter = ["roles"]
    search_fields = ["title", "text"]
    filter_horizontal = ["roles"]

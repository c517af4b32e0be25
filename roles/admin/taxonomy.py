from typing import ClassVar

from django.contrib import admin

from design.history import HistoryAdmin
from design.lines import WithLines
from roles import searchable
from roles.models import Argument, Demand, FoundingExample, Posture, Role
from search import indexing


class FoundingExampleInline(admin.TabularInline):
    model = FoundingExample
    fields = ["position", "text", "experience_slug"]
    extra = 0


class DemandInline(admin.TabularInline):
    model = Demand
    fields = ["audience", "position", "text", "basis", "experience_slug"]
    extra = 0


class Searchable:
    """What is saved is found as it is now."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        indexing.refresh(searchable.NAME, [searchable.key_of(form.instance)])

    def delete_model(self, request, obj):
        key = searchable.key_of(obj)
        super().delete_model(request, obj)  # type: ignore[misc]
        indexing.refresh(searchable.NAME, [key])

    def delete_queryset(self, request, queryset):
        keys = [searchable.key_of(row) for row in queryset]
        super().delete_queryset(request, queryset)  # type: ignore[misc]
        indexing.refresh(searchable.NAME, keys)


class DefinitionAdmin(Searchable, WithLines, HistoryAdmin):
    """The five roles and the three postures are given: they are explained here, not added to."""

    list_display = ["__str__", "position", "definition"]
    search_fields = ["definition"]
    readonly_fields = ["key"]
    inlines: ClassVar[list[type[admin.TabularInline]]] = [FoundingExampleInline]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.register(Posture, DefinitionAdmin)


@admin.register(Role)
class RoleAdmin(DefinitionAdmin):
    inlines: ClassVar = [FoundingExampleInline, DemandInline]


@admin.register(Argument)
class ArgumentAdmin(Searchable, WithLines, HistoryAdmin):
    list_display = ["title", "position"]
    list_filter = ["roles"]
    search_fields = ["title", "text"]
    filter_horizontal = ["roles"]

from django.contrib import admin, messages
from django.db import connection, transaction
from django.shortcuts import redirect
from django.utils.html import format_html

from design.history import HistoryAdmin
from design.lines import WithLines
from design.numbering import NumberedFormSet
from experiences import actions, previews, searchable, versions
from experiences.forms import SheetForm
from experiences.models import (
    PUBLIC_STATES,
    Condition,
    Difficulty,
    Experience,
    FiledTheme,
    Illustration,
    Image,
    LegalForm,
    Location,
    MoneyLine,
    PolicyIssue,
    Quote,
    Result,
    RoleHeld,
    Source,
    State,
    Step,
    Theme,
    Video,
)
from search import indexing


class Block(WithLines, admin.StackedInline):
    extra = 0
    formset = NumberedFormSet
    classes = ["collapse"]


class SourcedBlock(Block):
    """Its source is one of the same sheet."""

    def get_formset(self, request, obj=None, **kwargs):
        self.sheet = obj
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.remote_field.model is Source:
            kwargs["queryset"] = Source.objects.filter(experience=self.sheet)
            kwargs["help_text"] = "Enregistrez d’abord la source, elle apparaîtra ici."
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class FiledThemeInline(admin.TabularInline):
    model = FiledTheme
    extra = 0
    formset = NumberedFormSet


class LocationInline(admin.TabularInline):
    model = Location
    extra = 0
    formset = NumberedFormSet
    autocomplete_fields = ["collectivity"]


class IllustrationInline(admin.TabularInline):
    model = Illustration
    extra = 0
    formset = NumberedFormSet


class SourceInline(Block):
    model = Source


class StepInline(SourcedBlock):
    model = Step


class RoleHeldInline(SourcedBlock):
    model = RoleHeld
    autocomplete_fields = ["collectivities"]


class ResultInline(SourcedBlock):
    model = Result


class DifficultyInline(SourcedBlock):
    model = Difficulty


class ConditionInline(Block):
    model = Condition


class MoneyLineInline(SourcedBlock):
    model = MoneyLine


class QuoteInline(SourcedBlock):
    model = Quote


class VideoInline(Block):
    model = Video


class ImageInline(Block):
    model = Image


@admin.register(Experience)
class ExperienceAdmin(WithLines, HistoryAdmin):
    """Where a curator writes a sheet and leads it from state to state; a public one is archived, never deleted."""

    form = SheetForm
    exclude = ["facts_text"]
    change_form_template = "admin/experiences/experience/change_form.html"
    list_display = ["title", "state", "organisations", "last_checked_on", "next_check_on", "updated_at"]
    list_filter = ["state", "themes", "legal_form", "scale", "is_in_founding_document", "next_check_on"]
    search_fields = ["title", "pitch", "organisations", "slug", "locations__collectivity__name"]
    date_hierarchy = "updated_at"
    ordering = ["-updated_at"]
    autocomplete_fields = ["bearer"]
    filter_horizontal = ["policy_issues"]
    readonly_fields = [
        "state", "refusal_reason", "revision_reason", "submitted_by", "first_published_on", "last_checked_on",
        "last_checked_by", "created_at", "updated_at", "preview",
    ]  # fmt: skip
    inlines = [
        SourceInline, FiledThemeInline, LocationInline, IllustrationInline, RoleHeldInline, StepInline, ResultInline,
        DifficultyInline, ConditionInline, MoneyLineInline, QuoteInline, VideoInline, ImageInline,
    ]  # fmt: skip

    def get_object(self, request, object_id, from_field=None):
        """When it is about to be changed, the sheet is held: of two people, the second sees what the first did."""
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST" and connection.in_atomic_block:
            Experience.objects.select_for_update().only("pk").get(pk=found.pk)
            found = super().get_object(request, object_id, from_field)
        return found

    @admin.display(description="aperçu")
    def preview(self, experience):
        if experience.pk is None:
            return "Après le premier enregistrement."
        return format_html('<a href="{}">Lien à transmettre, valable sept jours</a>', previews.address(experience))

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.state in PUBLIC_STATES else None

    def get_prepopulated_fields(self, request, obj=None):
        """The address of a sheet that was public does not follow its title."""
        return {} if obj else {"slug": ["title"]}

    def get_readonly_fields(self, request, obj=None):
        was_public = obj and obj.first_published_on
        return [*self.readonly_fields, "slug"] if was_public else self.readonly_fields

    def has_delete_permission(self, request, obj=None):
        if obj and (obj.state in PUBLIC_STATES or obj.first_published_on):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        """No deletion by the dozen: the list mixes drafts and public sheets."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request, obj, form, change):
        if not change:
            obj.state = State.WRITING
        elif not obj.facts_text:
            versions.refresh(obj)  # what it told before this change, to compare with what it tells after
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if versions.refresh(form.instance):
            vars(form.instance).update(_history_user=request.user, _change_reason="Faits de la fiche")
            form.instance.save()
        indexing.refresh(searchable.NAME, [form.instance.pk])

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        moves = actions.moves_from(obj.state) if obj and self.has_change_permission(request, obj) else {}
        waiting = {name: move for name, move in moves.items() if actions.needs_another(obj, name, request.user)}
        context["moves"] = {name: move for name, move in moves.items() if name not in waiting}
        context["waiting"], context["second_person"] = waiting.values(), actions.SECOND_PERSON
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_change(self, request, obj):
        """The sheet is saved; a button of the bottom may lead it to its next state."""
        name = request.POST.get("_move")
        if name not in actions.MOVES:
            return super().response_change(request, obj)
        try:
            with transaction.atomic():
                moved = actions.move(obj, name, by=request.user, reason=request.POST.get("_reason", ""))
        except actions.MoveRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, f"La fiche est enregistrée\u00a0: {moved.get_state_display().lower()}.")
        return redirect(request.path)


@admin.register(Theme, PolicyIssue, LegalForm)
class LabelAdmin(admin.ModelAdmin):
    list_display = ["label", "key", "position"]
    search_fields = ["label", "key"]

    def get_readonly_fields(self, request, obj=None):
        """The key is in addresses and in exports."""
        return ["key"] if obj else []

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if isinstance(form.instance, Theme):
            indexing.refresh(searchable.THEME, [form.instance.pk])
            indexing.refresh(searchable.NAME, form.instance.experiences.values_list("pk", flat=True))

    def delete_model(self, request, obj):
        key = obj.pk
        super().delete_model(request, obj)
        if isinstance(obj, Theme):
            indexing.refresh(searchable.THEME, [key])

    def delete_queryset(self, request, queryset):
        keys = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        if queryset.model is Theme:
            indexing.refresh(searchable.THEME, keys)

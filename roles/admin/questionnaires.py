"""Where curators write a version of the questionnaire, try it, publish it, and read how it was answered."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from design.history import HistoryAdmin
from design.meanwhile import SeenForm
from design.numbering import NumberedFormSet
from roles import actions, answers, exports, journeys, scoring, simulation
from roles.models import MOST_OPTIONS, Option, PostureKey, Question, Questionnaire, RoleKey, SavedResult

SERVED = (
    "Cette version a été publiée\u00a0: elle ne change plus, pour que les résultats déjà lus gardent leur sens."
    " Copiez-la pour la modifier."
)

KEPT = (
    "Ce brouillon ne se supprime pas\u00a0: une personne garde dans son compte un résultat qui y répond. Laissez-le"
    " en brouillon, que les visiteurs ne lisent pas, ou publiez-le une fois relu."
)


def version_of(row):
    """The version to which a question or an answer belongs, or that it is."""
    if isinstance(row, Option):
        return row.question.questionnaire
    return row.questionnaire if isinstance(row, Question) else row


class DraftAdmin(HistoryAdmin):
    """Only a draft is written; the rest is read, and the database would refuse it anyway."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or version_of(obj).is_draft)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or version_of(obj).is_draft)

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [*fields, "seen"] if self.has_change_permission(request, obj) else fields

    def get_actions(self, request):
        """No deletion by the dozen: the list mixes drafts and versions that served."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def get_object(self, request, object_id, from_field=None):
        """When it is about to be changed, its version is held: nobody publishes it meanwhile."""
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST" and connection.in_atomic_block:
            Questionnaire.objects.select_for_update().get(pk=version_of(found).pk)
            found = super().get_object(request, object_id, from_field)
        return found

    def save_formset(self, request, form, formset, change):
        for row in formset.forms:
            row.instance._history_user = request.user
        super().save_formset(request, form, formset, change)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A colleague may have published the version since its form was opened."""
        found = super().get_object(request, object_id) if object_id and request.method == "POST" else None
        if found and not version_of(found).is_draft and self.has_view_permission(request, found):
            self.message_user(request, f"Rien n’est enregistré. {SERVED}", messages.ERROR)
            return redirect(request.path)
        return super().changeform_view(request, object_id, form_url, extra_context)


class PartAdmin(DraftAdmin):
    """A question or an answer: added from the page of what holds it."""

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    @admin.display(description="version")
    def version(self, row):
        version = version_of(row)
        return format_html('<a href="{}">{}</a>', change_address(version), version)


def change_address(row):
    return reverse(f"admin:roles_{row._meta.model_name}_change", args=[row.pk])


class WordsForm(forms.ModelForm):
    """Room for what is written, and no more than that."""

    class Meta:
        widgets = {
            "title": forms.TextInput(attrs={"size": 90}),
            "key": forms.TextInput(attrs={"size": 6}),
            "text": forms.Textarea(attrs={"rows": 2, "cols": 50}),
            **{
                name: forms.Textarea(attrs={"rows": 3, "cols": 90}) for name in ["context", "help", "feedback", "intro"]
            },
        }


class VersionForm(SeenForm, WordsForm):
    thing = "cette version"

    class Meta(WordsForm.Meta):
        pass

    @property
    def version(self):
        return actions.last_change(version_of(self.instance))


class QuestionInline(admin.TabularInline):
    """The questions in their order; the rest of each, with its answers, is on its own page."""

    model = Question
    form = WordsForm
    formset = NumberedFormSet
    extra = 0
    fields = ["position", "key", "is_short", "text", "answers"]
    readonly_fields = ["answers"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("options")

    @admin.display(description="réponses proposées")
    def answers(self, question):
        if question.pk is None:
            return "Après l’enregistrement."
        count = len(question.options.all())
        told = f"{count} réponse{'s' if count > 1 else ''}" if count else "aucune réponse"
        return format_html('<a href="{}">Réponses, contexte et aide</a> ({})', change_address(question), told)


class OptionFormSet(NumberedFormSet):
    default_error_messages = {"too_many_forms": f"Une question a {MOST_OPTIONS} réponses au plus."}


class OptionInline(admin.StackedInline):
    model = Option
    form = WordsForm
    formset = OptionFormSet
    max_num = MOST_OPTIONS
    extra = 0
    show_change_link = True
    fields = [("position", "key"), "text", "feedback", tuple(PostureKey.values), tuple(RoleKey.values)]

    def get_formset(self, request, obj=None, **kwargs):
        """Refuse at once what publishing would refuse."""
        return super().get_formset(request, obj, validate_max=True, **kwargs)


@admin.register(Questionnaire)
class QuestionnaireAdmin(DraftAdmin):
    form = VersionForm
    list_display = ["__str__", "title", "state", "published_at", "published_by"]
    list_select_related = ["published_by"]
    list_filter = ["state"]
    search_fields = ["title", "questions__text"]
    fields = [
        ("number", "state"), "title", "intro", ("margin", "unsure_one_in"), "explanation", "source",
        ("created_at", "created_by"), ("published_at", "published_by"),
    ]  # fmt: skip
    readonly_fields = ["number", "state", "created_at", "created_by", "published_at", "published_by"]
    change_form_template = "admin/roles/questionnaire/change_form.html"
    inlines = [QuestionInline]

    def render_change_form(self, request, context, *args, **kwargs):
        return super().render_change_form(request, context | {"served": SERVED}, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.number, obj.created_by = actions.next_number(), request.user
        super().save_model(request, obj, form, change)

    def delete_view(self, request, object_id, extra_context=None):
        """Drafts had results once, before the database refused them."""
        draft = super().get_object(request, object_id)
        is_mine = draft is not None and self.has_delete_permission(request, draft)
        if is_mine and SavedResult.objects.filter(questionnaire=draft).exists():
            self.message_user(request, KEPT, messages.ERROR)
            return redirect("admin:roles_questionnaire_change", object_id)
        return super().delete_view(request, object_id, extra_context)

    def get_urls(self):
        pages = [
            ("essai/", "trial", require_safe(self.trial)),
            ("reponses/", "answers", require_safe(self.answers)),
            ("reponses.csv", "answers_csv", require_safe(self.answers_csv)),
            ("copier/", "copy", require_POST(self.copy)),
            ("publier/", "publish", require_POST(self.publish)),
            ("retirer/", "retire", require_POST(self.retire)),
        ]
        own = [
            path(f"<int:pk>/{word}", self.admin_site.admin_view(view), name=f"roles_questionnaire_{name}")
            for word, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def trial(self, request, pk):
        """What the version lacks, a link that plays it, and what it would answer to everybody."""
        version = self.read(request, pk)
        seen = actions.last_change(version)
        version = self.read(request, pk)
        grid = scoring.grid(version)
        lacks = simulation.lacks(grid)
        simulated = None if lacks else simulation.simulate(grid)
        return self.page(
            request,
            "trial",
            version,
            title=f"Essai de la {version}",
            obstacles=lacks or (simulated and simulation.unfair(simulated)),
            seen=seen,
            tables=simulated and tables(simulated),
            preview=journeys.begin(version).get_absolute_url() if version.is_draft and not lacks else "",
        )

    def answers(self, request, pk):
        version = self.read(request, pk)
        spreads = answers.spreads(version.questions.all())
        return self.page(
            request,
            "answers",
            version,
            title=f"Réponses à la {version}",
            questions=[(question, spreads[question.pk]) for question in version.questions.all()],
            shown_from=answers.SHOWN_FROM,
        )

    def answers_csv(self, request, pk):
        version = self.read(request, pk)
        response = HttpResponse(exports.answers_csv(version), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="reponses-version-{version.number}.csv"'
        return response

    def copy(self, request, pk):
        draft = actions.copy(self.write(request, pk), by=request.user)
        self.message_user(request, f"La {draft} est un brouillon, copie de celle que vous lisiez.", messages.SUCCESS)
        return redirect(change_address(draft))

    def publish(self, request, pk):
        publish = partial(actions.publish, seen=request.POST.get("seen", ""))
        return self.lead(request, pk, publish, "est publiée\u00a0: c’est elle que les visiteurs lisent.")

    def retire(self, request, pk):
        return self.lead(request, pk, actions.retire, "est retirée. Aucun questionnaire n’est proposé aux visiteurs.")

    def lead(self, request, pk, action, done):
        version = self.write(request, pk)
        try:
            action(version, by=request.user)
        except actions.Refused as refusal:
            for sentence in refusal.sentences:
                self.message_user(request, sentence, messages.ERROR)
        else:
            self.message_user(request, f"La {version} {done}", messages.SUCCESS)
        return redirect("admin:roles_questionnaire_trial", pk)

    def read(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Questionnaire.objects.whole(), pk=pk)

    def write(self, request, pk):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        return get_object_or_404(Questionnaire, pk=pk)

    def page(self, request, name, version, **context):
        context |= {**self.admin_site.each_context(request), "opts": self.opts, "version": version}
        return TemplateResponse(request, f"admin/roles/questionnaire/{name}.html", context)


def tables(simulated):
    """The distributions of a simulation, each with its title."""
    return [
        ("Postures, au questionnaire court", simulated.short_postures),
        ("Postures, au questionnaire complet", simulated.postures),
        ("Rôles, au questionnaire complet", simulated.roles),
    ]


@admin.register(Question)
class QuestionAdmin(PartAdmin):
    form = VersionForm
    list_display = ["__str__", "version", "position", "is_short"]
    list_select_related = ["questionnaire"]
    search_fields = ["text"]
    fields = ["version", ("position", "key", "is_short"), "text", "context", "help", ("origin", "experience_slug")]
    readonly_fields = ["version"]
    inlines = [OptionInline]


@admin.register(Option)
class OptionAdmin(PartAdmin):
    form = VersionForm
    list_display = ["__str__", "version", "question"]
    list_select_related = ["question__questionnaire"]
    search_fields = ["text"]
    fields = ["version", ("position", "key"), "text", "feedback", tuple(PostureKey.values), tuple(RoleKey.values)]
    readonly_fields = ["version"]

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from .models import PROJECT_TERRITORIES, Collectivity, EligibilityRule, EligibilityRuleSet, Kind, ReferenceLoad


@admin.register(Collectivity)
class CollectivityAdmin(admin.ModelAdmin):
    """The reference is read here; what it does not hold (PETR, pays, PNR) is entered here."""

    list_display = ["name", "kind", "code", "departement", "population", "vintage", "ended_in"]
    list_filter = ["kind", "is_new_commune", "vintage", ("ended_in", admin.EmptyFieldListFilter)]
    list_select_related = ["departement"]
    search_fields = ["search_name", "code", "siren"]
    ordering = ["sort_name", "code"]
    show_full_result_count = False
    autocomplete_fields = ["departement", "region", "seat", "successor"]
    fields = [
        "kind",
        "name",
        "code",
        "siren",
        "population",
        "departement",
        "region",
        "seat",
        "ended_in",
        "successor",
    ]
    reference_fields = [
        "key",
        "kind",
        "name",
        "code",
        "nature",
        "siren",
        "population",
        "postal_codes",
        "is_new_commune",
        "departement",
        "region",
        "intercommunality",
        "parent",
        "seat",
        "vintage",
        "ended_in",
        "successor",
        "former_codes",
    ]

    def get_fields(self, request: HttpRequest, obj=None):
        return self.fields if is_by_hand(obj) else self.reference_fields

    def get_readonly_fields(self, request: HttpRequest, obj=None):
        if not is_by_hand(obj):
            return self.reference_fields
        return ["kind", "code"] if obj else []

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind":
            kwargs["choices"] = [(kind.value, kind.label) for kind in PROJECT_TERRITORIES]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj=None):
        return is_by_hand(obj) and super().has_delete_permission(request, obj)


def is_by_hand(collectivity):
    return collectivity is None or collectivity.vintage is None


class RuleForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(label="Types de collectivité", choices=Kind, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = EligibilityRule
        fields = ["position", "kinds", "condition", "threshold", "sentence", "refusal"]


class RuleInline(admin.StackedInline):
    model = EligibilityRule
    form = RuleForm
    extra = 0


@admin.register(EligibilityRuleSet)
class EligibilityRuleSetAdmin(admin.ModelAdmin):
    list_display = ["version", "label", "source", "valid_from", "is_active"]
    inlines = [RuleInline]


@admin.register(ReferenceLoad)
class ReferenceLoadAdmin(admin.ModelAdmin):
    list_display = ["vintage", "loaded_at"]
    readonly_fields = ["vintage", "checksum", "loaded_at"]

    def has_add_permission(self, request: HttpRequest):
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None):
        return False

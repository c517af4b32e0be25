from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminEmailInputWidget
from django.contrib.auth.models import Group
from django.shortcuts import redirect

from accounts import actions
from accounts.addresses import AddressField
from accounts.models import Event, Membership, MembershipState, User
from accounts.permissions import Duty

# Nothing here is kept in them.
for model in (Group, EmailAddress, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class DutyFilter(admin.SimpleListFilter):
    title = "mission"
    parameter_name = "mission"

    def lookups(self, request, model_admin):
        return Duty.choices

    def queryset(self, request, queryset):
        return queryset.filter(duties__contains=[self.value()]) if self.value() in Duty.values else queryset


class UserForm(forms.ModelForm):
    email = AddressField(label="Adresse électronique", max_length=254, widget=AdminEmailInputWidget)
    duties = forms.MultipleChoiceField(
        label="Missions",
        choices=Duty.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ce que la personne fait dans l’équipe, d’où viennent ses droits. Aucune pour une élue ou un agent.",
    )

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "is_active"]

    by: User

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["duties"] = self.instance.duties

    def clean_is_active(self):
        if self.instance == self.by and not self.cleaned_data["is_active"]:
            raise forms.ValidationError("Vous ne pouvez pas fermer votre propre compte ici.")
        return self.cleaned_data["is_active"]


class MembershipInline(admin.TabularInline):
    """Looked at: a membership is declared by the person and decided on in its own page."""

    model = Membership
    fk_name = "person"
    fields = ["collectivity", "function", "state", "declared_at", "confirmed_by", "confirmed_at"]
    readonly_fields = ["collectivity", "function", "state", "declared_at", "confirmed_by", "confirmed_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = UserForm
    fields = ["email", "first_name", "last_name", "duties", "is_active", "date_joined", "last_login"]
    list_display = ["email", "first_name", "last_name", "duty_names", "is_active", "last_login"]
    list_filter = [DutyFilter, "is_active", "date_joined"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["email"]
    inlines = [MembershipInline]

    @admin.display(description="missions")
    def duty_names(self, user):
        return ", ".join(user.duty_labels)

    def get_readonly_fields(self, request, obj=None):
        """An address is changed by its owner alone, who proves that it is theirs."""
        return ["date_joined", "last_login", *(["email"] if obj else [])]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        # The class is made anew for each request.
        return type(form.__name__, (form,), {"by": request.user})

    def save_model(self, request, obj, form, change):
        if change:
            stays = obj.is_active and Duty.MANAGER in form.cleaned_data["duties"]
            actions.keep_a_manager(obj, stays=stays)
        else:
            obj.set_unusable_password()
        obj.duties = form.initial["duties"]  # given by the action below alone, which keeps the trace
        super().save_model(request, obj, form, change)
        actions.set_duties(obj, form.cleaned_data["duties"], by=request.user)
        if change and "is_active" in form.changed_data:
            actions.tell_activity(obj, by=request.user)

    def changeform_view(self, request, *args, **kwargs):
        """The last manager stays: all that was typed with the refused change is undone with it."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except actions.LastManager:
            self.message_user(
                request, "Il faut toujours une personne responsable\u00a0: rien n’a changé.", messages.ERROR
            )
            return redirect(request.path)

    def log_change(self, request, obj, message):
        """The history of people holds keys and states: see the model Event."""

    def log_addition(self, request, obj, message):
        """The same."""

    def has_delete_permission(self, request, obj=None):
        """People delete their account themselves; what they did must stay."""
        return False


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["person", "collectivity", "function", "state", "declared_at", "confirmed_by"]
    list_filter = ["state", "function", "declared_at"]
    list_select_related = ["person", "collectivity", "confirmed_by"]
    search_fields = ["person__email", "person__last_name", "collectivity__name", "collectivity__code"]
    actions = ["confirm", "refuse"]
    ordering = ["-declared_at"]

    @admin.action(description="Confirmer les rattachements choisis", permissions=["view"])
    def confirm(self, request, queryset):
        self.decide(request, queryset, confirm=True)

    @admin.action(description="Refuser les rattachements choisis", permissions=["view"])
    def refuse(self, request, queryset):
        self.decide(request, queryset, confirm=False)

    def decide(self, request, queryset, *, confirm):
        allowed = Membership.objects.decidable_by(request.user).filter(pk__in=queryset).for_list()
        done = sum(actions.decide_membership(membership, confirm=confirm, by=request.user) for membership in allowed)
        label = MembershipState.CONFIRMED.label if confirm else MembershipState.REFUSED.label
        self.message_user(request, f"{label}\u00a0: {done}.", messages.SUCCESS if done else messages.WARNING)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class EventStateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        states = model_admin.get_queryset(request).order_by("state").values_list("state", flat=True).distinct()
        return [(state, Event(state=state).state_label) for state in states]

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    fields = ["at", "person", "kind", "what", "state_name", "by"]
    list_display = ["at", "person", "kind", "what", "state_name", "by"]
    list_filter = ["kind", EventStateFilter, "at"]
    list_select_related = ["person", "by"]
    search_fields = ["person__email", "person__last_name", "by__email", "key"]
    date_hierarchy = "at"

    @admin.display(description="mission ou fonction")
    def what(self, event):
        return event.label

    @admin.display(description="état", ordering="state")
    def state_name(self, event):
        return event.state_label

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

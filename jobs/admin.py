from django.contrib import admin, messages

from . import outbox
from .models import Job, Mail


class ReadOnly(admin.ModelAdmin):
    """Rows that the portal writes by itself: looked at, tried again, never written by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class StateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"
    states: dict[str, tuple[str, str]] = {}
    """Word of the address: what people read, method of the QuerySet."""

    def lookups(self, request, model_admin):
        return [(word, label) for word, (label, _) in self.states.items()]

    def queryset(self, request, queryset):
        word = self.value()
        return getattr(queryset, self.states[word][1])() if word in self.states else queryset


class JobState(StateFilter):
    states = {
        "a-faire": ("à faire", "pending"),
        "essaye": ("en échec, sera réessayé", "failing"),
        "fait": ("fait", "done"),
        "abandonne": ("abandonné", "dead"),
    }


class MailState(StateFilter):
    states = {
        "attente": ("en attente", "waiting"),
        "envoye": ("envoyé", "sent"),
        "refuse": ("refusé", "refused"),
    }


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ["__str__", "state", "key", "attempts", "run_at", "created_at", "error"]
    list_filter = [JobState, "task", "created_at"]
    search_fields = ["task", "key", "error"]
    date_hierarchy = "created_at"
    ordering = ["-pk"]
    actions = ["run_now"]

    @admin.display(description="état")
    def state(self, job):
        return job.get_state()

    @admin.action(description="Réessayer tout de suite", permissions=["retry"])
    def run_now(self, request, queryset):
        count = queryset.run_now()
        self.message_user(request, f"Sera réessayé dans la seconde\u00a0: {count}.", messages.SUCCESS)

    def has_retry_permission(self, request):
        return request.user.has_perm("jobs.change_job")


@admin.register(Mail)
class MailAdmin(ReadOnly):
    """Without the text: it may hold a code that opens somebody's account."""

    list_display = ["subject", "to", "state", "created_at"]
    list_filter = [MailState, "created_at"]
    search_fields = ["subject", "to"]
    date_hierarchy = "created_at"
    ordering = ["-pk"]
    fields = ["to", "subject", "state", "thread", "created_at", "sent_at", "refused_at", "refusal"]
    readonly_fields = ["state"]

    actions = ["send_again"]

    def get_queryset(self, request):
        """Without the mails whose address was typed for them alone."""
        return super().get_queryset(request).filter(forgets_address=False)

    @admin.display(description="état")
    def state(self, mail):
        return mail.get_state()

    @admin.action(description="Envoyer de nouveau les refusés", permissions=["retry"])
    def send_again(self, request, queryset):
        count = outbox.send_again(queryset)
        self.message_user(request, f"Sera envoyé de nouveau dans la seconde\u00a0: {count}.", messages.SUCCESS)

    def has_retry_permission(self, request):
        return request.user.has_perm("jobs.change_mail")

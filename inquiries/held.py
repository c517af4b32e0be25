"""Which draft a browser holds: its key, in the session."""

from .models import Draft

SESSION_KEY = "draft"


def hold(request, draft: Draft) -> None:
    request.session[SESSION_KEY] = draft.key


def holds_another(request, draft: Draft) -> bool:
    """Whether this browser is writing something else, which a link that it follows must not take from it."""
    return Draft.objects.open().filter(key=request.session.get(SESSION_KEY, "")).exclude(pk=draft.pk).exists()


def holds(request, draft: Draft) -> bool:
    """Whether this visitor wrote the draft here or with their account, or opened it from its link."""
    is_owner = draft.owner_id is not None and draft.owner_id == request.user.pk
    return is_owner or draft.key == request.session.get(SESSION_KEY)

"""What people may do, by stable words; nothing asks for a duty, everything asks for a right."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import models


class Right(models.TextChoices):
    ANSWER = "repondre", "Répondre aux questions"
    CONFIRM = "confirmer", "Confirmer les rattachements"
    CURATE = "editer", "Tenir les contenus"
    MANAGE = "gerer", "Gérer les personnes et les droits"


class Duty(models.TextChoices):
    """What somebody of the team is there for. An official or an agent of a collectivity has none."""

    ADVISER = "conseil", "Conseil"
    CURATOR = "edition", "Édition"
    MANAGER = "responsable", "Responsable"


RIGHTS = {
    Duty.ADVISER: {Right.ANSWER, Right.CONFIRM},
    Duty.CURATOR: {Right.CURATE},
    Duty.MANAGER: {Right.CONFIRM, Right.MANAGE},
}


def has_right(user, right):
    """Say whether this person may do that, now."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or any(right in RIGHTS.get(duty, ()) for duty in user.duties)


def right_required(right):
    """Close a page to whoever lacks a right; signing in comes first, by the middleware."""

    def decorate(view):
        @wraps(view)
        def closed(request, *args, **kwargs):
            if not has_right(request.user, right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return closed

    return decorate

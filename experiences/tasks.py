from datetime import time

from django.db import transaction
from django.utils import timezone

from jobs.registry import periodic

from .actions import move
from .models import Experience, State

OVERDUE = "La date prévue pour relire cette fiche est passée."


@periodic("experiences.mark_overdue", daily_at=time(4, 0))
@transaction.atomic
def mark_overdue():
    """A published sheet whose check is due says so, from the day after, until somebody reads it again."""
    overdue = Experience.objects.filter(state=State.PUBLISHED, next_check_on__lt=timezone.localdate())
    for experience in overdue.only("pk"):
        move(experience, "revise", by=None, reason=OVERDUE)

from datetime import time, timedelta

from django.utils import timezone

from . import outbox
from .models import Job, Mail
from .registry import periodic, task

KEPT = timedelta(days=30)
DEAD_KEPT = timedelta(days=180)
UNDELIVERED_KEPT = timedelta(days=2)
"""As long as a mail is tried: past that, the address that somebody typed for it serves no more."""


# The lease is longer than a conversation with a server that takes EMAIL_TIMEOUT for each of its answers.
@task("jobs.send_mail", lease=timedelta(minutes=5))
def send_mail(mail):
    waiting = Mail.objects.waiting().filter(pk=mail).first()
    if waiting:
        outbox.deliver(waiting)


@periodic("jobs.purge", daily_at=time(3, 30))
def purge():
    """Forget what was done long ago; what was given up stays longer, for somebody to look at."""
    now = timezone.now()
    Job.objects.done().filter(done_at__lt=now - KEPT).delete()
    Job.objects.dead().filter(dead_at__lt=now - DEAD_KEPT).delete()
    Mail.objects.settled().filter(created_at__lt=now - KEPT).delete()
    Mail.objects.forgetting().filter(sent_at=None, created_at__lt=now - UNDELIVERED_KEPT).delete()
    Mail.objects.filter(created_at__lt=now - DEAD_KEPT).delete()

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Code
from jobs.registry import periodic
from limits.models import Counter


@periodic("accounts.forget", every=timedelta(hours=1))
def forget():
    """Codes, counters and sessions that serve no more: the addresses of those who only tried do not stay."""
    Code.objects.expired().delete()
    Counter.objects.expired().delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()

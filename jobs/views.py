from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .models import Mail


def only_in_demonstration():
    """Mails hold codes that open accounts: anywhere but on one's own machine, these pages do not exist."""
    if not settings.IS_DEMONSTRATION:
        raise Http404


@never_cache
@login_not_required
@require_safe
def mailbox(request):
    """Every mail of the demonstration, to whomever it was sent."""
    only_in_demonstration()
    page = Paginator(Mail.objects.order_by("-pk"), 30).get_page(request.GET.get("page"))
    return render(request, "jobs/mailbox.html", {"page": page})


@never_cache
@login_not_required
@require_safe
def mail(request, number):
    only_in_demonstration()
    return render(request, "jobs/mail.html", {"mail": get_object_or_404(Mail, pk=number)})

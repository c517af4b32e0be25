"""What follows the answers of the positioning: a feedback with an experience, the result, and the ways to keep it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.addresses import folded
from experiences.models import Experience
from jobs import outbox
from limits.addresses import client_address
from limits.models import within
from roles import journeys
from roles.answers import count_once, is_countable, is_counted, public_spread
from roles.models import SavedResult
from roles.views import with_journey

from . import emails
from .advice import Advice
from .forms import SaveResultForm, SendLinkForm
from .readings import Readings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOO_MANY_MAILS = "Beaucoup de courriels ont été demandés. Copiez le lien ci-dessus, ou attendez une heure."
TOO_MANY_MAILS_TODAY = "Beaucoup de courriels ont été demandés. Copiez le lien ci-dessus, ou attendez demain."
SENT = "courriel"


@login_not_required
@never_cache
@require_safe
@with_journey
def feedback(request, journey, number):
    """What an answer brings up, the experience of the question, and what others answered."""
    asked = journey.question(number)
    if asked is None or asked.key not in journey.answers:
        return redirect(journey)
    option = next((row for row in asked.options.all() if row.key == journey.answers[asked.key]), None)
    return render(
        request,
        "portal/positioning_feedback.html",
        {
            "journey": journey,
            "number": number,
            "total": journey.asked_with(number),
            "question": asked,
            "option": option,
            "experience": Experience.objects.public().filter(slug=asked.experience_slug).first(),
            "spread": public_spread(asked),
            "next_step": journey.step_after(number),
        },
    )


@login_not_required
@never_cache
@require_safe
@with_journey
def result(request, journey):
    if not journey.is_short_done:
        return redirect(journey)
    if request.method == "GET":
        count(request, journey)
    context = {"journey": journey, "has_saved": has_saved(request.user)}
    return render(request, "portal/positioning_result.html", told(journey) | context)


def count(request, journey):
    """Count the answers once. The limit is that of a large meeting in one town hall; beyond, nothing is counted."""
    version, given = journey.questionnaire, journey.answers
    if not is_countable(version, journey.began_on) or is_counted(version, given, journey=journey.key):
        return
    if within("positioning.counted", client_address(request), most=300, per=HOUR):
        count_once(version, given, journey=journey.key, began_on=journey.began_on)


def told(answers, *, is_mine=True):
    """All that the page of a result says of some answers, whoever reads it."""
    advice = Advice(answers)
    readings = Readings(advice, is_mine=is_mine)
    return {"advice": advice, "readings": readings.experiences(), "pages": readings.pages()}


def has_saved(user):
    return user.is_authenticated and SavedResult.objects.visible_to(user).exists()


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_journey
def keep(request, journey):
    """The ways to come back to it: a private link, sent by mail if need be, a link to share, the account."""
    form = SendLinkForm(request.POST or None)
    if form.is_valid():
        refusal = send(request, journey, form.cleaned_data["email"])
        if not refusal:
            return redirect(reverse("positioning:keep", args=[journey.state], query={SENT: "parti"}))
        form.refuse("email", refusal)
    return keep_page(request, journey, form, SaveResultForm())


def keep_page(request, journey, form, save_form):
    shared = journeys.share(journey)
    return render(
        request,
        "portal/positioning_keep.html",
        {
            "journey": journey,
            "has_result": journey.has_result,
            "form": form,
            "save_form": save_form,
            "saved": already_saved(request.user, journey),
            "is_sent": SENT in request.GET and not form.is_bound,
            "private_link": f"{settings.SITE_URL}{journey.get_absolute_url()}",
            "shared": shared,
            "shared_link": f"{settings.SITE_URL}{shared.get_absolute_url()}",
        },
        status=429 if form.too_many else 200,
    )


def already_saved(user, journey):
    """The same answers in the account, when they are there."""
    mine = SavedResult.objects.visible_to(user) if user.is_authenticated else SavedResult.objects.none()
    return mine.filter(questionnaire=journey.questionnaire, answers=journey.answers).first()


def send(request, journey, email):
    """Mail the private link and return nothing, or return the sentence that says why not."""
    mailbox = folded(email)
    if not (
        within("positioning.mail.from", client_address(request), most=30, per=HOUR)
        and within("positioning.mail.to", mailbox, most=5, per=HOUR)
    ):
        return TOO_MANY_MAILS
    if not within("positioning.mail.to.day", mailbox, most=10, per=DAY):
        return TOO_MANY_MAILS_TODAY
    outbox.put(emails.private_link(journey, email))
    return ""


@login_not_required
@never_cache
@require_safe
def shared(request, link):
    """A result to read, for whoever received the link, until it expires."""
    found = journeys.read_shared(link)
    if found is None:
        return render(request, "portal/positioning_shared_unknown.html", status=404)
    if found.has_expired:
        return render(request, "portal/positioning_shared_expired.html", {"shared": found}, status=410)
    return render(request, "portal/positioning_shared.html", told(found, is_mine=False) | {"shared": found})

"""What follows the answers of the positioning: a feedback with an experience, the result, and the ways to keep it."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from experiences.models import Experience
from limits.addresses import client_address
from limits.models import within
from roles.answers import count_once, spread
from roles.views import with_journey

from .advice import Advice

HOUR = timedelta(hours=1)


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
            "spread": spread(asked),
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
    return render(request, "portal/positioning_result.html", {"journey": journey, "advice": Advice(journey)})


def count(request, journey):
    """Count the answers once. The limit is that of a large meeting in one town hall; beyond, nothing is counted."""
    if within("positioning.counted", client_address(request), most=300, per=HOUR):
        count_once(journey.questionnaire, journey.answers, journey=journey.key, began_on=journey.began_on)


@login_not_required
@never_cache
@require_safe
@with_journey
def keep(request, journey):
    return render(request, "portal/positioning_keep.html", {"journey": journey})

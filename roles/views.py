"""The questions of the positioning, one at a time. To answer leads from a signed address to another; none is kept."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import journeys
from .forms import AnswerForm
from .models import Questionnaire


def with_journey(view):
    """Read the journey of the address; one that was cut or changed gets a page that says what to do."""

    @wraps(view)
    def reading(request, state, *args, **kwargs):
        journey = journeys.read(state)
        if journey is None:
            return render(request, "roles/journey_unknown.html", status=404)
        return view(request, journey, *args, **kwargs)

    return reading


@login_not_required
@never_cache
@require_safe
def start(request):
    """The presentation; reached from a journey, it keeps the answers in its address and offers to go on."""
    journey = None
    if given := request.GET.get("reprise"):
        journey = journeys.read(given)
        if journey is None:
            return render(request, "roles/journey_unknown.html", status=404)
    return render(request, "roles/start.html", {"questionnaire": Questionnaire.objects.current(), "journey": journey})


@login_not_required
@never_cache
@require_safe
def begin(request):
    questionnaire = Questionnaire.objects.current()
    if questionnaire is None:
        return redirect("positioning:start")
    return redirect("positioning:question", journeys.begin(questionnaire).state, 1)


@login_not_required
@never_cache
@require_safe
@with_journey
def resume(request, journey):
    """The private link: to the question that waits, or to the result."""
    if journey.present_step:
        step = reverse("positioning:question", args=[journey.state, journey.present_step], query={"reprise": "oui"})
        return redirect(step)
    return redirect("positioning:result", journey.state)


@login_not_required
@never_cache
@require_safe
@with_journey
def question(request, journey, number):
    asked = journey.question(number)
    if asked is None:
        return redirect(journey)
    form = AnswerForm(question=asked, initial={"reponse": journey.answers.get(asked.key)})
    return show(request, journey, number, form)


@login_not_required
@never_cache
@require_safe
@with_journey
def answer(request, journey, number):
    asked = journey.question(number)
    if asked is None:
        return redirect(journey)
    form = AnswerForm(request.GET, question=asked)
    if form.is_valid():
        answered = journey.answer(asked, form.cleaned_data["reponse"])
        return redirect("positioning:feedback", answered.state, number)
    return show(request, journey, number, form)


def show(request, journey, number, form):
    asked = journey.question(number)
    total = journey.asked_with(number)
    context = {
        "journey": journey,
        "question": asked,
        "number": number,
        "total": total,
        "form": form,
        "is_resumed": "reprise" in request.GET and bool(journey.answers),
    }
    return render(request, "roles/question.html", context)

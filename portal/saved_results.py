"""The results that somebody keeps in their account: theirs alone, to read again, compare and delete."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roles.journeys import Answers
from roles.models import SavedResult
from roles.views import with_journey

from .comparison import Comparison
from .forms import CompareForm, SaveResultForm
from .positioning import told

MOST = 50
TOO_MANY = f"Vous avez déjà {MOST} résultats enregistrés. Supprimez-en un pour enregistrer celui-ci."


@never_cache
@require_POST
@with_journey
def save(request, journey):
    if not journey.has_result:
        return redirect(journey)
    form = SaveResultForm(request.POST)
    mine = SavedResult.objects.visible_to(request.user)
    if not form.is_valid():
        messages.error(request, str(form["name"].errors[0]))
        return redirect("positioning:keep", journey.state)
    if mine.count() >= MOST:
        messages.error(request, TOO_MANY)
        return redirect("positioning:saved_list")
    saved, is_new = mine.get_or_create(
        owner=request.user,
        questionnaire=journey.questionnaire,
        answers=journey.answers,
        saved_on=timezone.localdate(),
        defaults={"name": form.cleaned_data["name"]},
    )
    messages.success(request, "Votre résultat est enregistré." if is_new else "Ce résultat était déjà enregistré.")
    return redirect("positioning:saved", saved.pk)


@never_cache
@require_safe
def saved_list(request):
    mine = SavedResult.objects.visible_to(request.user).whole()
    results = [(saved, answers_of(saved).verdict) for saved in mine]
    form = CompareForm(results=mine, names={"avant": "Le premier", "apres": "Le second"})
    return render(request, "portal/saved_results.html", {"results": results, "form": form})


@never_cache
@require_safe
def saved(request, number):
    found = mine_or_404(request, number)
    return render(request, "portal/saved_result.html", told(answers_of(found)) | {"saved": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, number):
    found = mine_or_404(request, number)
    if request.method == "POST":
        found.delete()
        messages.success(request, "Le résultat est supprimé.")
        return redirect("positioning:saved_list")
    return render(request, "portal/saved_result_delete.html", {"saved": found})


@never_cache
@require_safe
def compare(request):
    """Two saved results."""
    mine = SavedResult.objects.visible_to(request.user).whole()
    form = CompareForm(request.GET, results=mine, names={"avant": "Le premier", "apres": "Le second"})
    comparison = None
    if form.is_valid():
        before, after = form.cleaned_data["avant"], form.cleaned_data["apres"]
        comparison = Comparison(str(before), answers_of(before), str(after), answers_of(after))
    return render(request, "portal/compare.html", {"form": form, "comparison": comparison})


@never_cache
@require_safe
@with_journey
def compare_present(request, journey):
    """A saved result, and the one of an address."""
    if not journey.is_short_done:
        return redirect(journey)
    mine = SavedResult.objects.visible_to(request.user).whole()
    form = CompareForm(request.GET or None, results=mine, names={"avec": "Votre résultat enregistré"})
    comparison = None
    if form.is_valid():
        before = form.cleaned_data["avec"]
        comparison = Comparison(str(before), answers_of(before), "Aujourd’hui", journey)
    context = {"form": form, "comparison": comparison, "journey": journey}
    return render(request, "portal/compare.html", context)


def mine_or_404(request, number):
    return get_object_or_404(SavedResult.objects.visible_to(request.user).whole(), pk=number)


def answers_of(saved):
    return Answers(saved.questionnaire, saved.answers)

"""The results that somebody keeps in their account: theirs alone, to read again, compare and delete."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roles import journeys
from roles.models import SavedResult
from roles.views import with_journey

from .comparison import Comparison, answers_of, name_of
from .forms import CompareForm, SaveResultForm, SendLinkForm
from .positioning import keep_page, told

BOTH = {"avant": "Le premier résultat", "apres": "Le second résultat"}
MOST = 50
TOO_MANY = f"Vous avez déjà {MOST} résultats enregistrés. Supprimez-en un pour enregistrer celui-ci."
OF_A_DRAFT = "Ce questionnaire n’est pas encore publié\u00a0: son résultat ne s’enregistre pas."
UNREADABLE = "Ce résultat ne peut plus être lu\u00a0: le questionnaire auquel il répond a changé."


@never_cache
@require_POST
@with_journey
def save(request, journey):
    if not journey.has_result:
        return redirect(journey)
    if journey.questionnaire.is_draft:
        messages.error(request, OF_A_DRAFT)
        return redirect("positioning:keep", journey.state)
    form = SaveResultForm(request.POST)
    if not form.is_valid():
        return keep_page(request, journey, SendLinkForm(), form)
    saved, is_new = put(journey, owner=request.user, name=form.cleaned_data["name"])
    if saved is None:
        messages.error(request, TOO_MANY)
        return redirect("positioning:saved_list")
    messages.success(request, "Votre résultat est enregistré." if is_new else "Ce résultat était déjà enregistré.")
    return redirect("positioning:saved", saved.pk)


@transaction.atomic
def put(journey, *, owner, name):
    """Save a result unless its owner has too many; whoever saves twice at once waits for the first to be counted."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    mine = SavedResult.objects.visible_to(owner)
    same = mine.filter(
        questionnaire=journey.questionnaire, answers=journey.answers, saved_on=timezone.localdate()
    ).first()
    if same or mine.count() >= MOST:
        return same, False
    return mine.create(owner=owner, questionnaire=journey.questionnaire, answers=journey.answers, name=name), True


@never_cache
@require_safe
def saved_list(request):
    mine = SavedResult.objects.visible_to(request.user).whole()
    answered = [(saved, answers_of(saved)) for saved in mine]
    results = [(saved, name_of(saved), answers.verdict if answers.is_readable else None) for saved, answers in answered]
    form = CompareForm(results=mine, names=BOTH)
    return render(request, "portal/saved_results.html", {"results": results, "form": form})


@never_cache
@require_safe
def saved(request, number):
    found = mine_or_404(request, number)
    answers = answers_of(found)
    if not answers.is_readable:
        messages.error(request, UNREADABLE)
        return redirect("positioning:saved_list")
    context = {"saved": found, "name": name_of(found), "journey": journeys.take_up(answers)}
    return render(request, "portal/saved_result.html", told(answers) | context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, number):
    found = mine_or_404(request, number)
    if request.method == "POST":
        found.delete()
        messages.success(request, "Le résultat est supprimé.")
        return redirect("positioning:saved_list")
    return render(request, "portal/saved_result_delete.html", {"name": name_of(found)})


@never_cache
@require_safe
def compare(request):
    """Two saved results, the older first whichever was chosen first."""
    mine = SavedResult.objects.visible_to(request.user).whole()
    form = CompareForm(request.GET or None, results=mine, names=BOTH)
    comparison = None
    if form.is_valid():
        chosen = (form.cleaned_data["avant"], form.cleaned_data["apres"])
        before, after = sorted(chosen, key=lambda saved: (saved.saved_on, saved.pk))
        comparison = compared(form, name_of(before), answers_of(before), name_of(after), answers_of(after))
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
        comparison = compared(form, name_of(before), answers_of(before), "Aujourd’hui", journey)
    context = {"form": form, "comparison": comparison, "journey": journey}
    return render(request, "portal/compare.html", context)


def compared(form, before_name, before, after_name, after):
    """Two results side by side, or nothing and the reason why."""
    if not (before.is_readable and after.is_readable):
        form.add_error(None, UNREADABLE)
        return None
    return Comparison(before_name, before, after_name, after)


def mine_or_404(request, number):
    return get_object_or_404(SavedResult.objects.visible_to(request.user).whole(), pk=number)

"""What somebody asked, and what becomes of it: their list, the page of a question, what they may do there."""

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Membership
from accounts.permissions import Right, has_right
from accounts.views import page_with_form
from limits.addresses import client_address
from limits.models import within

from .. import actions, history, notices, waiting
from ..exports import exported
from ..forms.following import ChoiceForm, RateForm, ReplyForm
from ..models import OPEN_STATES, Draft, EventKind, Inquiry, State

ON_A_PAGE = 20
MOST_REPLIES = 60
"""An hour and a person."""
TOO_MANY_REPLIES = "Vous avez envoyé beaucoup de messages. Gardez copie de celui-ci, puis envoyez-le dans une heure."
PRESENT = [*OPEN_STATES, State.ANSWERED]
"""What is not over: an answer is still to be read, discussed or completed."""
TABS = {"": "En cours", "closes": "Closes", "brouillons": "Brouillons", "collectivite": "Ma collectivité"}


@never_cache
@require_safe
def mine(request):
    actions.adopt(request.user)
    asked = Inquiry.objects.filter(asker=request.user)
    lists = {
        "": asked.filter(state__in=PRESENT),
        "closes": asked.exclude(state__in=PRESENT),
        "brouillons": Draft.objects.belonging_to(request.user),
        "collectivite": Inquiry.objects.shared_with(request.user),
    }
    counts = asked.aggregate(present=Count("pk", filter=Q(state__in=PRESENT)), total=Count("pk"))
    numbers = [
        counts["present"],
        counts["total"] - counts["present"],
        lists["brouillons"].count(),
        lists["collectivite"].count(),
    ]
    memberships = list(request.user.memberships.present().select_related("collectivity__departement"))
    tab = request.GET.get("etat", "")
    tab = tab if tab in TABS else ""
    rows = lists[tab] if tab == "brouillons" else for_rows(lists[tab])
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "inquiries/mine.html",
        {
            "tab": tab,
            "tabs": [(word, *more) for (word, *more) in zip(TABS, TABS.values(), numbers, strict=True)],
            "page": page,
            "present": counts["present"],
            "over": counts["total"] - counts["present"],
            "memberships": memberships,
            "is_confirmed": any(membership.is_confirmed for membership in memberships),
            "to_complete": for_rows(asked.filter(state=State.TO_COMPLETE))[:5],
            "lately_over": for_rows(lists["closes"])[:3] if tab == "" and page.number == 1 else [],
        },
    )


def for_rows(inquiries):
    """The last to change first, with the days that their rows tell."""
    dated = inquiries.annotate(
        detail_at=waiting.last(EventKind.DETAIL_ASKED), answered_at=waiting.last(EventKind.ANSWERED)
    )
    return dated.for_list().order_by("-changed_at", "-pk")


@never_cache
@require_safe
def thread(request, number):
    inquiry = readable(request, number)
    return page_of(request, inquiry, reply_form(request, inquiry))


def reply_form(request, inquiry, *sent):
    """The files that it holds are good for this person and this question."""
    adviser = inquiry.adviser.get_full_name() if inquiry.adviser and inquiry.state == State.TO_COMPLETE else ""
    label = f"Votre réponse à {adviser}" if adviser else "Votre message"
    bound_to = f"{request.user.pk}/{inquiry.number}"
    return ReplyForm(*sent, label=label, bound_to=bound_to, address=client_address(request))


def readable(request, number):
    """A question that this person may read; whether somebody else's exists is not told."""
    actions.adopt(request.user)
    inquiries = Inquiry.objects.visible_to(request.user)
    return get_object_or_404(
        inquiries.select_related(
            "collectivity__departement", "on_behalf_of", "theme", "adviser", "experience", "duplicate_of"
        ),
        number=number,
    )


def own(request, number):
    """A question of this person: colleagues and advisers read, they do not act in somebody's name."""
    inquiry = readable(request, number)
    if not inquiry.is_asked_by(request.user):
        raise PermissionDenied
    return inquiry


def page_of(request, inquiry, form):
    is_asker = inquiry.is_asked_by(request.user)
    original = inquiry.duplicate_of
    return render(
        request,
        "inquiries/thread.html",
        {
            "inquiry": inquiry,
            "entries": history.Thread(inquiry, request.user),
            "meaning": history.MEANINGS[State(inquiry.state)],
            "form": form,
            "is_asker": is_asker,
            "is_adviser": has_right(request.user, Right.ANSWER),
            "can_reply": is_asker and inquiry.state in [*OPEN_STATES, *actions.REOPENABLE],
            "can_solve": is_asker and inquiry.state in actions.ANSWERABLE,
            "can_reopen": is_asker and inquiry.state in actions.REOPENABLE,
            "can_rate": is_asker and inquiry.may_be_rated,
            "can_share": is_asker and is_confirmed_in(request.user, inquiry.collectivity),
            "original": Inquiry.objects.visible_to(request.user).filter(pk=original.pk).first() if original else None,
            "closes_on": waiting.closes_on(inquiry),
            "retention": settings.RETENTION_MONTHS,
            "erased_on": waiting.erased_on(inquiry),
            "undelivered": notices.undelivered(inquiry) if is_asker else [],
        },
    )


def is_confirmed_in(person, collectivity):
    return Membership.objects.confirmed().filter(person=person, collectivity=collectivity).exists()


@never_cache
@page_with_form
def reply(request, number):
    """Read again after a session that ended, its address leads to the question."""
    if request.method != "POST":
        return redirect("inquiries:thread", number)
    inquiry = own(request, number)
    form = reply_form(request, inquiry, request.POST, request.FILES)
    if form.is_valid() and not within("inquiries.reply", request.user.pk, most=MOST_REPLIES, per=timedelta(hours=1)):
        form.add_error(None, TOO_MANY_REPLIES)
    elif form.is_valid():
        said = {"key": form.message_key, "uploads": form.cleaned_data["documents"]}
        try:
            actions.reply(inquiry, form.cleaned_data["text"], by=request.user, **said)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre message est envoyé.")
            return redirect(inquiry)
    return page_of(request, inquiry, form)


def act(view):
    """A button that does one thing to one's own question: it is done and said, or the reason why it is not."""

    @never_cache
    @require_POST
    @wraps(view)
    def acting(request, number):
        inquiry = own(request, number)
        try:
            done = view(request, inquiry)
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect(inquiry)

    return acting


@act
def withdraw(request, inquiry):
    actions.withdraw(inquiry, by=request.user)
    return "Votre question est retirée."


@act
def solve(request, inquiry):
    actions.solve(inquiry, by=request.user)
    return "Votre question est close."


@act
def reopen(request, inquiry):
    actions.reopen(inquiry, by=request.user)
    return "Votre question est rouverte. Vous pouvez préciser plus bas ce qui vous manque."


@act
def consent(request, inquiry):
    given = chosen(request)
    actions.set_consent(inquiry, given, by=request.user)
    if given:
        return "C’est noté\u00a0: la réponse pourra être publiée, sans nom ni lieu."
    return "C’est noté\u00a0: rien de cette question ne sera publié."


@act
def share(request, inquiry):
    shared = chosen(request)
    if shared and not is_confirmed_in(request.user, inquiry.collectivity):
        raise actions.Refused("Vous pourrez partager cette question quand votre rattachement sera confirmé.")
    actions.share(inquiry, shared, by=request.user)
    return "Votre question est partagée." if shared else "Votre question n’est plus partagée."


def chosen(request):
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    return form.cleaned_data["choice"]


@never_cache
@page_with_form
def rate(request, number):
    """The links of a mail come here with a mark, which is only chosen: the button gives it."""
    inquiry = own(request, number)
    marked = {"rating": request.GET.get("note") or inquiry.rating, "comment": inquiry.rating_comment}
    form = RateForm(request.POST or None, initial=marked)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rate(inquiry, form.cleaned_data["rating"], form.cleaned_data["comment"], by=request.user)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Merci, votre avis est enregistré.")
            return redirect(inquiry)
    context = {"inquiry": inquiry, "form": form, "can_rate": inquiry.may_be_rated}
    return render(request, "inquiries/rate.html", context)


@never_cache
@require_safe
def export(request):
    """All that a person asked, as they may take it elsewhere."""
    actions.adopt(request.user)
    name = f"mes-questions-{timezone.localdate()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(
        {"questions": exported(request.user)}, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )

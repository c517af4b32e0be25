"""The advisers’ pages: the list, a question and what they do with it, a call noted while it goes on."""

import re

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Right, right_required
from accounts.views import page_with_form
from inquiries import actions, clock, writing
from inquiries.delays import delay_of
from inquiries.filters import Questions, QuestionsForm, full_number
from inquiries.forms.desk import CallForm, EndForm, HandOverForm, OverrideForm, ThemeForm, WriteForm
from inquiries.models import Inquiry, State
from jobs.models import Mail
from territories.eligibility import verdict
from territories.models import Collectivity


def for_advisers(view):
    """Nobody else, and nothing is left of it in the browser of a shared computer."""
    return never_cache(right_required(Right.ANSWER)(view))


ACTS = {"reponse": actions.answer, "precision": actions.ask_detail}
SENT = {
    "reponse": "Votre réponse est envoyée. La personne sera prévenue par courriel dans quelques minutes.",
    "precision": "Votre demande est envoyée. Le délai est suspendu jusqu’à la réponse de la collectivité.",
    "note": "Votre note est gardée. Seule l’équipe la lit.",
}
NOBODY_TOLD = "C’est gardé. Sans adresse électronique, personne n’est prévenu\u00a0: rappelez la personne."


@require_safe
@for_advisers
def desk(request):
    form = QuestionsForm(request.GET)
    criteria = form.criteria
    if number := criteria.pop("numero", ""):
        if found := Inquiry.objects.filter(number=full_number(number)).first():
            return redirect("inquiries:desk_question", found.number)
        form.add_error("numero", f"Aucune question ne porte le numéro {full_number(number)}.")
    questions = Questions(criteria, request.user)
    page = questions.page(request.GET.get("page"))
    closings = clock.closing_days()
    for inquiry in page:
        inquiry.delay = delay_of(inquiry, closings, inquiry.events.all())
    counts = Inquiry.objects.open().aggregate(
        every=Count("pk"),
        mine=Count("pk", Q(adviser=request.user)),
        nobody=Count("pk", Q(adviser=None)),
        to_complete=Count("pk", Q(state=State.TO_COMPLETE)),
        late=Count("pk", Q(due_on__lt=timezone.localdate())),
    )
    context = {"form": form, "page": page, "counts": counts, "criteria": criteria, "query": kept(request)}
    return answer(request, "inquiries/desk.html", mine=counts["mine"], now=timezone.localtime(), **context)


@require_safe
@for_advisers
def desk_question(request, number):
    return show(request, found(number))


@require_POST
@for_advisers
def claim(request, number):
    inquiry = found(number)
    if actions.claim(inquiry, by=request.user):
        messages.success(request, "Vous suivez cette question.")
    else:
        inquiry.refresh_from_db()
        tell_who_has(request, inquiry)
    return back(request, inquiry)


@require_POST
@for_advisers
def hand_over(request, number):
    inquiry = found(number)
    form = HandOverForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Cette personne n’est pas, ou plus, de l’équipe.")
        return back(request, inquiry)
    to, seen = form.cleaned_data["to"], form.cleaned_data["seen_adviser"]
    if actions.hand_over(inquiry, to, seen=seen, by=request.user):
        messages.success(request, f"Question confiée à {to}." if to else "Question remise dans la file.")
    else:
        inquiry.refresh_from_db()
        tell_who_has(request, inquiry)
    return back(request, inquiry)


@page_with_form
@for_advisers
def write(request, number):
    """Send what was written, or show it as it would be read; read again, after a session ended, it leads back."""
    inquiry = found(number)
    if request.method != "POST":
        return back(request, inquiry)
    form = WriteForm(request.POST)
    act = request.POST.get("act")
    if not form.is_valid():
        return show(request, inquiry, writing_form=form)
    if act not in SENT:
        return show(request, inquiry, writing_form=form, preview=writing.to_html(form.cleaned_data["text"]))
    try:
        send(inquiry, act, by=request.user, **form.cleaned_data)
    except actions.Refused as refusal:
        again = {**form.cleaned_data, "seen": inquiry.last_message}
        return show(request, found(number), writing_form=WriteForm(initial=again), refusal=refusal, read=form)
    messages.success(request, SENT[act] if inquiry.email or act == "note" else NOBODY_TOLD)
    return back(request, inquiry)


def send(inquiry, act, *, text, seen, sent_key, by):
    if act == "note":
        actions.note(inquiry, text, by=by, key=str(sent_key))
    else:
        ACTS[act](inquiry, text, by=by, key=str(sent_key), seen=seen)


@require_POST
@for_advisers
def preview(request):
    form = WriteForm(request.POST)
    html = writing.to_html(form.cleaned_data["text"]) if form.is_valid() else ""
    return render(request, "inquiries/_preview.html", {"preview": html, "errors": form.errors.get("text")})


@page_with_form
@for_advisers
def end(request, number):
    """Orienter ailleurs, hors périmètre, doublon, clore: a page of its own, as it cannot be undone from here."""
    inquiry = found(number)
    form = EndForm(request.POST or None, inquiry=inquiry, initial={"seen": inquiry.last_event})
    if form.is_valid():
        try:
            actions.end(inquiry, by=request.user, **form.cleaned_data)
        except actions.Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            inquiry.refresh_from_db()
            messages.success(request, f"{inquiry.number} est classée\u00a0: {inquiry.get_state_display().lower()}.")
        return back(request, inquiry)
    return answer(request, "inquiries/end.html", inquiry=inquiry, form=form, query=kept(request))


@require_POST
@for_advisers
def set_theme(request, number):
    inquiry = found(number)
    form = ThemeForm(request.POST)
    if form.is_valid():
        actions.set_theme(inquiry, form.cleaned_data["theme"], by=request.user)
        messages.success(request, "Le thème est enregistré, et l’échéance avec lui.")
    else:
        messages.error(request, "Ce thème n’existe pas, ou plus.")
    return back(request, inquiry)


@page_with_form
@for_advisers
def override(request, number):
    inquiry = found(number)
    if request.method != "POST":
        return back(request, inquiry)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return show(request, inquiry, override_form=form)
    actions.override(inquiry, form.cleaned_data["reason"], by=request.user)
    messages.success(request, "L’exception est enregistrée.")
    return back(request, inquiry)


@page_with_form
@for_advisers
def log_call(request):
    form = CallForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        more = {"theme": data["theme"], "override_reason": data["override_reason"]}
        names = ("first_name", "last_name", "function", "email", "phone")
        inquiry, is_new = actions.log_call(
            actions.Question(
                collectivity=data["collectivity"],
                eligibility=vars(form.verdict),
                subject=data["subject"],
                text=data["text"],
                more=more,
            ),
            actions.Identity(**{name: data[name] for name in names}),
            channel=data["channel"],
            answer=data["answer"],
            by=request.user,
            key=str(data["sent_key"]),
        )
        if not is_new:
            messages.warning(request, "Cet appel était déjà noté\u00a0: rien n’a été ajouté. En voici le numéro.")
        return redirect("inquiries:call_logged", inquiry.number)
    return answer(request, "inquiries/log_call.html", form=form)


@require_safe
@for_advisers
def call_verdict(request):
    """Whether the desk is open to the place that was just chosen, while the call goes on."""
    place = Collectivity.objects.current().filter(key=request.GET.get("cle", "")[:30]).for_list().first()
    return render(request, "inquiries/_call_verdict.html", {"verdict": verdict(place) if place else None})


@require_safe
@for_advisers
def call_logged(request, number):
    return answer(request, "inquiries/call_logged.html", inquiry=found(number))


# What they have in common


def found(number):
    rows = Inquiry.objects.for_list().select_related(
        "collectivity__intercommunality", "on_behalf_of", "asker", "experience", "duplicate_of"
    )
    return get_object_or_404(rows, number=number)


def show(request, inquiry, *, writing_form=None, override_form=None, preview="", refusal=None, read=None):
    """The page of a question, with the form that was sent when it comes back."""
    thread = list(inquiry.messages.for_thread())
    events = list(inquiry.events.select_related("by"))
    hands = {"to": inquiry.adviser_id or request.user.pk, "seen_adviser": inquiry.adviser_id}
    before, after = Questions(QuestionsForm(request.GET).criteria, request.user).neighbours(inquiry)
    context = {
        "inquiry": inquiry,
        "thread": thread,
        "events": events,
        "delay": delay_of(inquiry, clock.closing_days(), events),
        "form": writing_form or WriteForm(initial={"seen": max((message.pk for message in thread), default=None)}),
        "preview": preview,
        "refusal": refusal,
        "unread_after": read.cleaned_data["seen"] if read else None,
        "hand_over_form": HandOverForm(initial=hands),
        "theme_form": ThemeForm(initial={"theme": inquiry.theme.key if inquiry.theme else ""}),
        "override_form": override_form or OverrideForm(),
        "may_end": inquiry.state in actions.ANSWERABLE,
        "may_answer": inquiry.state in [*actions.ANSWERABLE, State.CLOSED],
        "history": inquiry.collectivity.inquiries.aggregate(count=Count("pk"), since=Min("asked_at")),
        "refused_mails": Mail.objects.refused().filter(thread=inquiry.thread_name).order_by("refused_at"),
        "phone": re.sub(r"[^\d+]", "", inquiry.phone),
        "before": before,
        "after": after,
        "query": kept(request),
    }
    return answer(request, "inquiries/desk_question.html", **context)


def answer(request, template, *, mine=None, **context):
    """A page of the desk: its navigation says how many questions are in one’s own hands."""
    if mine is None:
        mine = Inquiry.objects.open().filter(adviser=request.user).count()
    return render(request, template, {"mine": mine, **context})


def kept(request):
    """The filters of the list, that a question opened from it carries along."""
    query = request.GET.copy()
    for name in set(query) - {"etat", "theme", "conseiller", "retard", "collectivite"}:
        query.pop(name)
    return f"?{query.urlencode()}" if query else ""


def back(request, inquiry):
    return redirect(reverse("inquiries:desk_question", args=[inquiry.number]) + kept(request))


def tell_who_has(request, inquiry):
    if inquiry.adviser == request.user:
        messages.info(request, "Vous suiviez déjà cette question.")
    elif inquiry.adviser:
        messages.warning(request, f"{inquiry.adviser} a été plus rapide\u00a0: la question est déjà entre ses mains.")
    else:
        messages.warning(request, actions.CHANGED)

"""Asking a question: for which collectivity, what, and who asks."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.addresses import folded
from accounts.views import page_with_form
from experiences.models import Experience
from inquiries import actions, drafts, emails, held, near
from inquiries.forms.asking import IdentityForm, LaterForm, PlaceForm, QuestionForm, QuestionPageForm
from inquiries.models import Draft, Sufficed
from inquiries.views.asked import mail_code
from inquiries.views.by_key import page, posted, private, with_draft
from jobs import outbox
from limits.addresses import client_address
from limits.models import within
from typography import french

HOUR = timedelta(hours=1)
LEAST_TIME = timedelta(seconds=5)
"""What a person takes at least from the choice of a place to the sending."""
MOST_QUESTIONS, MOST_DRAFTS, MOST_LOOKS = 200, 400, 3000
"""An hour and an address, which may be that of a whole département."""
ENOUGH = "enough"
TOO_MANY = "Beaucoup de questions sont arrivées d’ici. Votre texte est gardé\u00a0: envoyez-le dans une heure."
TOO_MANY_MAILS = "Beaucoup de courriels ont été demandés. Copiez le lien ci-dessus, ou attendez une heure."
TOO_FAST = "Relisez votre question un instant, puis envoyez-la\u00a0: rien n’est perdu."
CUT = (
    f"Votre texte dépasse {french.number(drafts.LONGEST_KEPT)} caractères\u00a0: le brouillon n’en garde que le début."
    " Revenez en arrière pour copier la suite."
)
SECRETS = {"state", "link", "token", "draft_key"}


# Step 1: the collectivity


@page_with_form
@private
def ask(request):
    form = PlaceForm(posted(request), person=request.user, initial=beginning(request))
    if form.is_valid() and not within("inquiries.draft", client_address(request), most=MOST_DRAFTS, per=HOUR):
        form.refuse("collectivity", TOO_MANY)
    return choose_place(request, form, draft=None)


@page_with_form
@private
@with_draft
def ask_collectivity(request, draft):
    form = PlaceForm(posted(request), person=request.user, initial=place_initial(draft))
    return choose_place(request, form, draft=draft)


def choose_place(request, form, *, draft):
    asking = None
    if form.is_valid():
        asking = drafts.judge(form.cleaned_data["collectivity"])
        by_above = "by_above" in request.POST and asking.above is not None
        if asking.is_open or by_above:
            draft = draft or begin(request)
            drafts.keep(draft, "place", chosen(form, by_above=by_above))
            return redirect(draft)
    elif not form.is_bound:
        asking = drafts.asking(form.initial.get("membership") or form.initial.get("chosen_key", ""))
    context = {
        "asking": asking,
        "draft": draft,
        "resumable": None if draft else resumable(request),
        "about": about(form.initial.get("experience")),
    }
    return page(request, "inquiries/ask.html", form, **context)


def about(slug):
    """The public experience that the question is about."""
    return Experience.objects.public().filter(slug=slug).first() if slug else None


def beginning(request):
    """What the link that led here says: a place, an experience, and the page it was on."""
    asking = drafts.asking(request.GET.get("collectivite", ""))
    key = {"chosen_key": asking.place.key, "collectivity": asking.place} if asking else {}
    return {**key, "experience": request.GET.get("experience", "")[:200], "origin": origin(request)}


def origin(request):
    """The path of the page of ours that led here; never one that holds a secret, nor the words of a search."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
        is_secret = SECRETS & resolve(came_from.path).kwargs.keys()
    except (ValueError, Resolver404):
        return ""
    return "" if came_from.netloc != request.get_host() or is_secret else came_from.path[:200]


def place_initial(draft):
    asking = drafts.asking(draft.typed.get("collectivity_cle", ""))
    place = {"collectivity": asking.place, "chosen_key": asking.place.key} if asking else {}
    return {**draft.typed, **place}


def chosen(form, *, by_above):
    place = form.cleaned_data["collectivity"]
    return {
        "collectivity": place.label,
        "collectivity_cle": place.key,
        "collectivity_propose": place.label,
        "by_above": "oui" if by_above else "",
        **{name: form.cleaned_data[name] for name in ("who", "experience", "origin")},
    }


def begin(request):
    draft = Draft.objects.create(owner=request.user if request.user.is_authenticated else None)
    held.hold(request, draft)
    return draft


def resumable(request):
    """The draft that this browser, or this person, left unfinished."""
    mine = Draft.objects.open().filter(key=request.session.get(held.SESSION_KEY, ""))
    draft = mine.first()
    if draft is None and request.user.is_authenticated:
        draft = Draft.objects.belonging_to(request.user).first()
    return None if draft is None or draft.typed.get(ENOUGH) else draft


@require_safe
@login_not_required
def ask_verdict(request):
    """Whether a place that was just chosen may ask, and why."""
    response = render(request, "inquiries/_asking.html", {"asking": drafts.asking(request.GET.get("cle", ""))})
    patch_cache_control(response, public=True, max_age=300)
    return response


# Step 2: the question


@page_with_form
@private
@with_draft
def ask_question(request, draft):
    asking = drafts.asking_of(draft)
    if asking is None or not asking.is_open:
        return redirect("inquiries:ask_collectivity", draft.key)
    if request.method == "POST":
        drafts.keep(draft, "question", request.POST)
    checked = draft.typed if "verifier" in request.GET else None
    form = QuestionPageForm(
        posted(request) or checked,
        request.FILES or None,
        initial=draft.typed,
        draft=draft,
        address=client_address(request),
    )
    if request.method == "POST" and (form.is_valid() or "aller" in request.POST):
        for refused in form.errors.get("documents", []):
            messages.warning(request, str(refused))
        if drafts.is_cut("question", request.POST):
            messages.warning(request, CUT)
        return way_out(request, draft) or redirect("inquiries:ask_send", draft.key)
    context = {"draft": draft, "asking": asking, "near": near_of(draft)}
    return page(request, "inquiries/ask_question.html", form, **context)


def way_out(request, draft):
    """Where a button other than the one that goes on leads; what was typed is kept."""
    ways = {"collectivite": "ask_collectivity", "question": "ask_question", "garder": "ask_later"}
    where = request.POST.get("aller", "")
    if where == "chercher":
        return redirect(f"{draft.get_absolute_url()}#proches")
    return redirect(f"inquiries:{ways[where]}", draft.key) if where in ways else None


def near_of(draft):
    """Near the sentence alone: the context says when and how much, which every page has."""
    subject = draft.typed.get("subject", "")
    return near.around(subject) if subject else []


@require_POST
@private
@with_draft
def ask_near(request, draft):
    """While somebody writes: keep what they typed, and show what may already answer."""
    drafts.keep(draft, "question", request.POST)
    if not within("inquiries.near", client_address(request), most=MOST_LOOKS, per=HOUR):
        return HttpResponse(status=204)
    return render(request, "inquiries/_near.html", {"draft": draft, "near": near_of(draft)})


@page_with_form
@private
@with_draft
def enough(request, draft):
    """What was near is enough: one question less to answer, counted once."""
    if request.method == "POST" and not draft.typed.get(ENOUGH):
        Sufficed.count(request.POST.get("kind", ""))
        drafts.note(draft, **{ENOUGH: "oui"})
    return render(request, "inquiries/enough.html", {"draft": draft})


@page_with_form
@private
@with_draft
def ask_later(request, draft):
    """The link that opens the draft again, to keep or to receive by mail."""
    form = LaterForm(posted(request), initial={"email": draft.typed.get("email", "")})
    if form.is_valid():
        refusal = mail_link(request, draft, form.cleaned_data["email"])
        if not refusal:
            messages.success(request, "Le courriel part\u00a0: il arrive dans quelques minutes.")
            return redirect("inquiries:ask_later", draft.key)
        form.refuse("email", refusal)
    context = {"draft": draft, "link": f"{settings.SITE_URL}{draft.get_absolute_url()}"}
    return page(request, "inquiries/ask_later.html", form, **context)


def mail_link(request, draft, email):
    if not (
        within("inquiries.link.from", client_address(request), most=30, per=HOUR)
        and within("inquiries.link.to", folded(email), most=5, per=HOUR)
    ):
        return TOO_MANY_MAILS
    outbox.put(emails.draft_link(draft, email))
    return ""


# Step 3: who asks, and sending


@page_with_form
@private
@with_draft
def ask_send(request, draft):
    asking, question = drafts.asking_of(draft), QuestionForm(draft.typed)
    if asking is None or not asking.is_open:
        return redirect("inquiries:ask_collectivity", draft.key)
    if not question.is_valid():
        return redirect(reverse("inquiries:ask_question", args=[draft.key], query={"verifier": "oui"}))
    if request.method == "POST":
        drafts.keep(draft, "identity", request.POST)
        if elsewhere := way_out(request, draft):
            return elsewhere
    form = identity_form(request, draft, asking)
    if form.is_valid():
        if refusal := refusal_to_send(request, draft, form):
            form.refuse(None, refusal)
        else:
            send(request, draft, asking, question, form)
            return redirect("inquiries:asked", draft.key)
    context = {
        "draft": draft,
        "asking": asking,
        "question": question.cleaned_data,
        "uploads": draft.uploads.all(),
        "about": about(draft.typed.get("experience")),
    }
    return page(request, "inquiries/ask_send.html", form, **context)


def identity_form(request, draft, asking):
    place = asking.on_behalf_of or asking.place
    person = request.user
    known = person.memberships.present().filter(collectivity=place).first() if person.is_authenticated else None
    return IdentityForm(
        posted(request),
        person=person,
        who=draft.typed.get("who", ""),
        known_function=known.function if known else "",
        initial=draft.typed,
    )


def refusal_to_send(request, draft, form):
    if timezone.now() - draft.begun_at < LEAST_TIME:
        return TOO_FAST
    is_within = within("inquiries.ask", client_address(request), most=MOST_QUESTIONS, per=HOUR) and within(
        "inquiries.ask.email", folded(form.identity()["email"]), most=20, per=HOUR
    )
    return "" if is_within else TOO_MANY


def send(request, draft, asking, question, form):
    person = request.user if request.user.is_authenticated else None
    more = {name: question.cleaned_data[name] for name in ("theme", "wanted_on", "has_consent")}
    inquiry = actions.ask(
        draft,
        actions.Question(
            collectivity=asking.place,
            eligibility=vars(asking.verdict),
            subject=question.cleaned_data["subject"],
            text=question.cleaned_data["text"],
            more={
                **more,
                "on_behalf_of": asking.on_behalf_of,
                "experience": about(draft.typed.get("experience")),
                "origin": draft.typed.get("origin", ""),
            },
        ),
        actions.Identity(**form.identity()),
        person=person,
    )
    if inquiry.is_unconfirmed and (refusal := mail_code(request, draft, inquiry)):
        messages.warning(request, refusal)

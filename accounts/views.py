import time
from datetime import timedelta
from functools import wraps

from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.addresses import folded
from accounts.devices import device_name
from accounts.forms import (
    CodeForm,
    EmailForm,
    MembershipForm,
    NewEmailForm,
    NewPasswordForm,
    PasswordSignInForm,
    ProfileForm,
)
from accounts.models import Code, Membership, Purpose
from limits.addresses import client_address
from limits.models import within

PROVED_AT = "proved_at"
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
TOO_MANY_CODES = "Beaucoup de codes ont été demandés. Attendez une heure avant d’en demander un autre."
LAST_CODE_SERVES = "Beaucoup de codes ont été demandés. Le dernier que vous avez reçu vaut encore\u00a0: saisissez-le."
TOO_MANY_PASSWORDS = "Beaucoup d’essais ont échoué. Recevez un code par courriel, ou attendez un quart d’heure."

page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@page_with_form
def sign_in(request):
    next_url = safe_next(request)
    if request.user.is_authenticated:
        return redirect(next_url or "accounts:account")
    asked = pending_code(request, Purpose.SIGN_IN)
    form = EmailForm(request.POST or None, initial={"email": asked.email if asked else ""})
    if form.is_valid():
        refusal = ask_code(request, Purpose.SIGN_IN, form.cleaned_data["email"])
        if not refusal:
            return redirect(with_next("accounts:sign_in_code", next_url))
        form.refuse("email", refusal)
    return answer(request, "accounts/sign_in.html", form, next_url=next_url)


@login_not_required
@never_cache
@page_with_form
def sign_in_code(request):
    next_url = safe_next(request)
    if request.user.is_authenticated:
        return redirect(next_url or "accounts:account")
    code = pending_code(request, Purpose.SIGN_IN)
    if code is None:
        return redirect(with_next("accounts:sign_in", next_url))
    form = CodeForm(request.POST or None, code=code)
    if form.is_valid():
        request.session.pop(session_key(Purpose.SIGN_IN))
        person = actions.person_at(code.email)
        return enter(request, person, method="code", next_url=next_url)
    return answer(request, "accounts/sign_in_code.html", form, code=code, next_url=next_url)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@page_with_form
def sign_in_password(request):
    next_url = safe_next(request)
    if request.user.is_authenticated:
        return redirect(next_url or "accounts:account")
    form = PasswordSignInForm(request.POST or None)
    if form.is_valid():
        if not (
            within("password.account", form.cleaned_data["email"], most=10, per=QUARTER)
            and within("password.address", client_address(request), most=100, per=QUARTER)
        ):
            form.refuse("password", TOO_MANY_PASSWORDS)
        elif person := form.sign_in(request):
            return enter(request, person, method="password", next_url=next_url)
    return answer(request, "accounts/sign_in_password.html", form, next_url=next_url)


@login_not_required
@never_cache
@page_with_form
def sign_out(request):
    if request.method == "POST" or not request.user.is_authenticated:
        logout(request)
        return redirect("portal:home")
    return render(request, "accounts/sign_out.html")


@require_safe
def account(request):
    return render(
        request,
        "accounts/account.html",
        {
            "memberships": request.user.memberships.present().for_list(),
            "to_decide": Membership.objects.decidable_by(request.user).count(),
            "sessions": open_sessions(request),
            "administers": admin.site.has_permission(request),
        },
    )


@page_with_form
def profile(request):
    next_url = safe_next(request)
    is_newcomer = not request.user.is_introduced
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect(next_url or "accounts:account")
    return answer(request, "accounts/profile.html", form, next_url=next_url, is_newcomer=is_newcomer)


@page_with_form
def declare_membership(request):
    form = MembershipForm(request.POST or None, person=request.user)
    if form.is_valid():
        if actions.declare_membership(form.save(commit=False)):
            messages.success(request, "Votre rattachement est déclaré. Il reste à le faire confirmer.")
        else:
            messages.info(request, "Vous aviez déjà déclaré cette collectivité\u202f: il n’y a rien à refaire.")
        return redirect("accounts:account")
    return answer(request, "accounts/declare_membership.html", form)


@page_with_form
def end_membership(request, number):
    membership = get_object_or_404(request.user.memberships.present().for_list(), pk=number)
    if request.method == "POST":
        actions.end_membership(membership, by=request.user)
        messages.success(request, f"Vous n’êtes plus rattaché à {membership.collectivity.name}.")
        return redirect("accounts:account")
    return render(request, "accounts/end_membership.html", {"membership": membership})


@page_with_form
def memberships(request):
    """What this person may confirm or refuse, one at a time."""
    waiting = Membership.objects.decidable_by(request.user).for_list()
    if request.method == "POST":
        chosen = request.POST.get("membership", "")
        membership = waiting.filter(pk=chosen if chosen.isdecimal() and len(chosen) < 19 else None).first()
        confirm = request.POST.get("decision") == "confirm"
        if membership and actions.decide_membership(membership, confirm=confirm, by=request.user):
            said = "confirmé" if confirm else "refusé"
            messages.success(request, f"Rattachement {said}. Nous prévenons la personne.")
        else:
            messages.warning(request, "Ce rattachement n’est plus à confirmer, ou pas par vous.")
        return redirect("accounts:memberships")
    page = Paginator(waiting, 25).get_page(request.GET.get("page"))
    return render(request, "accounts/memberships.html", {"page": page})


@never_cache
@page_with_form
def prove(request):
    """Before what could take the account away from its owner: a code, unless one was typed a moment ago."""
    next_url = safe_next(request)
    refusal = ""
    if request.method == "POST":
        refusal = ask_code(request, Purpose.PROVE, request.user.email)
        if not refusal:
            return redirect(with_next("accounts:prove_code", next_url))
    context = {"next_url": next_url, "refusal": refusal}
    return render(request, "accounts/prove.html", context, status=429 if refusal else 200)


@never_cache
@page_with_form
def prove_code(request):
    next_url = safe_next(request)
    code = pending_code(request, Purpose.PROVE)
    if code is None or code.email != request.user.email:
        return redirect(with_next("accounts:prove", next_url))
    form = CodeForm(request.POST or None, code=code)
    if form.is_valid():
        request.session.pop(session_key(Purpose.PROVE))
        request.session[PROVED_AT] = time.time()
        return redirect(next_url or "accounts:account")
    return answer(request, "accounts/prove_code.html", form, code=code)


def proved_recently(view):
    """Only for whoever typed a code or a password within the last quarter of an hour."""

    @wraps(view)
    def proved(request, *args, **kwargs):
        if time.time() - request.session.get(PROVED_AT, 0) > QUARTER.total_seconds():
            return redirect(reverse("accounts:prove", query={"next": request.path}))
        return view(request, *args, **kwargs)

    return proved


@page_with_form
@proved_recently
def change_email(request):
    form = NewEmailForm(request.POST or None)
    if form.is_valid():
        refusal = ask_code(request, Purpose.CHANGE_EMAIL, form.cleaned_data["email"])
        if not refusal:
            return redirect("accounts:change_email_code")
        form.refuse("email", refusal)
    return answer(request, "accounts/change_email.html", form)


@never_cache
@page_with_form
@proved_recently
def change_email_code(request):
    code = pending_code(request, Purpose.CHANGE_EMAIL)
    if code is None:
        return redirect("accounts:change_email")
    form = CodeForm(request.POST or None, code=code)
    if form.is_valid():
        request.session.pop(session_key(Purpose.CHANGE_EMAIL))
        if actions.change_email(request, code.email):
            messages.success(request, "Votre adresse a changé, et vos autres sessions sont fermées.")
        else:
            messages.error(request, "Cette adresse est celle d’un autre compte\u202f: rien n’a changé.")
        return redirect("accounts:account")
    return answer(request, "accounts/change_email_code.html", form, code=code)


@sensitive_post_parameters("password")
@page_with_form
@proved_recently
def set_password(request):
    form = NewPasswordForm(request.POST or None, person=request.user)
    if form.is_valid():
        actions.set_password(request, form.cleaned_data["password"])
        messages.success(request, "Votre mot de passe est enregistré. Vos autres sessions sont fermées.")
        return redirect("accounts:account")
    return answer(request, "accounts/set_password.html", form)


@require_POST
def close_sessions(request):
    actions.close_sessions(request.user, but=request.session.session_key)
    messages.success(request, "Vos autres sessions sont fermées.")
    return redirect("accounts:account")


@require_POST
def close_session(request, number):
    session = get_object_or_404(UserSession, pk=number, user=request.user)
    session.end()
    messages.success(request, "La session est fermée.")
    return redirect("accounts:account")


@page_with_form
@proved_recently
def delete(request):
    if request.method == "POST":
        try:
            actions.delete_account(request.user)
        except actions.LastManager:
            messages.error(request, "Nommez d’abord une autre personne responsable\u202f: vous êtes la seule.")
            return redirect("accounts:account")
        logout(request)
        messages.success(request, "Votre compte est supprimé.")
        return redirect("portal:home")
    return render(request, "accounts/delete.html")


def enter(request, person, *, method, next_url):
    response = actions.sign_in(request, person, method=method, next_url=next_url)
    if request.user.is_authenticated:
        request.session[PROVED_AT] = time.time()
    return response


def open_sessions(request):
    """The sessions that are still open, this one first, then the newest."""
    rows = UserSession.objects.filter(user=request.user).order_by("-created_at")
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    present = request.session.session_key
    shown = [
        {"row": row, "device": device_name(row.user_agent), "is_present": row.session_key == present}
        for row in rows
        if row.session_key in alive
    ]
    return sorted(shown, key=lambda session: not session["is_present"])


def ask_code(request, purpose, email, write=None):
    """Mail a code and return nothing, or return the sentence that says why not; the same for every address.

    Past the limit, a browser whose last code still serves goes on with that one. `write`: see `actions.send_code`.
    """
    if not (
        within(f"code.{purpose}", f"{folded(email)} {client_address(request)}", most=6, per=HOUR)
        and within(f"code.{purpose}.email", folded(email), most=20, per=HOUR)
        and within("code.address", client_address(request), most=100, per=HOUR)
    ):
        asked = pending_code(request, purpose)
        if not (asked and asked.email == email and asked.is_open):
            return TOO_MANY_CODES
        messages.warning(request, LAST_CODE_SERVES)
        return ""
    request.session[session_key(purpose)] = actions.send_code(purpose, email, write).pk
    return ""


def pending_code(request, purpose):
    """The last code that this browser asked for."""
    return (
        Code.objects.select_related("mail")
        .filter(pk=request.session.get(session_key(purpose)), purpose=purpose)
        .first()
    )


def session_key(purpose):
    return f"code.{purpose}"


def safe_next(request):
    """Where the person wanted to go, if it is one of our pages."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else ""


def with_next(name, next_url):
    """The page, which carries where the person wanted to go: the session would keep it after they went elsewhere."""
    return reverse(name, query={"next": next_url} if next_url else None)


def answer(request, template, form, **context):
    status = 429 if getattr(form, "too_many", False) else 200
    return render(request, template, {"form": form, **context}, status=status)

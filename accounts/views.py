from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.forms import CodeForm, EmailForm, PasswordSignInForm, ProfileForm
from accounts.models import Code, Purpose
from limits.addresses import client_address
from limits.models import within

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
TOO_MANY_CODES = "Beaucoup de codes ont été demandés. Attendez une heure avant d’en demander un autre."
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
    if form.is_valid() and ask_code(request, form, Purpose.SIGN_IN):
        request.session["next"] = next_url
        return redirect("accounts:sign_in_code")
    return answer(request, "accounts/sign_in.html", form, next_url=next_url)


@login_not_required
@never_cache
@page_with_form
def sign_in_code(request):
    if request.user.is_authenticated:
        return redirect("accounts:account")
    code = pending_code(request, Purpose.SIGN_IN)
    if code is None:
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST or None, code=code)
    if form.is_valid():
        request.session.pop(session_key(Purpose.SIGN_IN))
        person = actions.person_at(code.email)
        return actions.sign_in(request, person, method="code", next_url=request.session.pop("next", ""))
    return answer(request, "accounts/sign_in_code.html", form, code=code)


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
        form.too_many = not (
            within("password.account", form.cleaned_data["email"].lower(), most=10, per=QUARTER)
            and within("password.address", client_address(request), most=100, per=QUARTER)
        )
        if form.too_many:
            form.add_error("password", TOO_MANY_PASSWORDS)
        elif person := form.sign_in(request):
            return actions.sign_in(request, person, method="password", next_url=next_url)
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
    return render(request, "accounts/account.html")


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


def ask_code(request, form, purpose):
    """Mail a code to the address of the form, or say beside the field why not; the same for every address."""
    email = form.cleaned_data["email"]
    form.too_many = not (
        within(f"code.{purpose}", email.lower(), most=6, per=HOUR)
        and within("code.address", client_address(request), most=100, per=HOUR)
    )
    if form.too_many:
        form.add_error("email", TOO_MANY_CODES)
        return False
    request.session[session_key(purpose)] = actions.send_code(purpose, email).pk
    return True


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


def answer(request, template, form, **context):
    status = 429 if getattr(form, "too_many", False) else 200
    return render(request, template, {"form": form, **context}, status=status)

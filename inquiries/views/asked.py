"""A question was sent: its number, what comes next, and the code that proves the address."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.actions import person_at
from accounts.forms import CodeForm
from accounts.models import Code, Purpose
from accounts.views import ask_code, enter, page_with_form, session_key
from inquiries import actions, drafts, emails, near
from inquiries.forms.asking import NewAddressForm
from inquiries.models import Draft
from inquiries.views.by_key import page, posted, private, with_inquiry

CODE = "code"


@page_with_form
@private
@with_inquiry
def asked(request, draft, inquiry):
    if inquiry.is_unconfirmed and request.user.is_authenticated and request.user.email == inquiry.email:
        actions.adopt(request.user)
        inquiry.refresh_from_db()
    if not inquiry.is_unconfirmed:
        return render(
            request, "inquiries/asked.html", {"draft": draft, "inquiry": inquiry, "near": near_of_asked(inquiry)}
        )
    if CODE not in draft.typed:  # the server stopped between the question and its mail
        mail_code(request, draft, inquiry)
        draft.refresh_from_db(fields=["typed"])
    code = Code.objects.select_related("mail").filter(pk=draft.typed.get(CODE), email=inquiry.email).first()
    form = CodeForm(posted(request), code=code) if code else None
    if form and form.is_valid():
        return confirm(request, draft, inquiry)
    context = {"draft": draft, "inquiry": inquiry, "code": code, "near": []}
    return page(request, "inquiries/asked.html", form, **context)


def near_of_asked(inquiry):
    """Something to read in the meantime, on the same subject."""
    return near.around(inquiry.subject, 1)


def confirm(request, draft, inquiry):
    """The code was right: the question is theirs, and so are those that they asked before."""
    request.session.pop(session_key(Purpose.SIGN_IN), None)
    person = person_at(inquiry.email)
    actions.confirm(inquiry, person)
    actions.adopt(person)
    person.refresh_from_db()
    address = reverse("inquiries:asked", args=[draft.key])
    if request.user.is_authenticated:
        return redirect(address)
    return enter(request, person, method="code", next_url=address)


def mail_code(request, draft, inquiry):
    """Mail a code once for a question, however often it is sent; return the sentence that says why not."""
    with transaction.atomic():
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        return "" if CODE in held.typed else mail_another_code(request, held, inquiry)


def mail_another_code(request, draft, inquiry):
    refusal = ask_code(
        request, Purpose.SIGN_IN, inquiry.email, lambda email, digits: emails.number_and_code(inquiry, digits)
    )
    if not refusal:
        drafts.note(draft, **{CODE: request.session[session_key(Purpose.SIGN_IN)]})
    return refusal


@require_POST
@private
@with_inquiry
def asked_again(request, draft, inquiry):
    """Another code for the same question."""
    if inquiry.is_unconfirmed:
        if refusal := mail_another_code(request, draft, inquiry):
            messages.error(request, refusal)
        else:
            messages.success(request, "Un autre code part\u00a0: seul celui-ci vaut désormais.")
    return redirect("inquiries:asked", draft.key)


@page_with_form
@private
@with_inquiry
def asked_address(request, draft, inquiry):
    """The address was mistyped: the question waits for another."""
    if not inquiry.is_unconfirmed:
        return redirect("inquiries:asked", draft.key)
    form = NewAddressForm(posted(request), initial={"email": inquiry.email})
    if form.is_valid():
        inquiry = actions.correct_email(inquiry, form.cleaned_data["email"])
        if refusal := mail_another_code(request, draft, inquiry):
            messages.error(request, refusal)
        return redirect("inquiries:asked", draft.key)
    return page(request, "inquiries/asked_address.html", form, draft=draft, inquiry=inquiry)

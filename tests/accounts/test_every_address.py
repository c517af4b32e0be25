"""Who may open what: each address of the portal against this table, as each of the cast."""

import pytest
from django.test import Client

from inquiries.models import Inquiry
from jobs.models import Mail
from tests.accounts.factories import make_membership
from tests.addresses import SAMPLES, addresses
from tests.experiences.factories import make_experience, make_posture, make_role
from tests.inquiries.factories import make_inquiry

CAST = ["visitor", "stranger", "elected", "adviser", "curator", "manager"]
EVERYBODY = [200] * 6
SIGNED_IN = [302, *[200] * 5]  # a visitor is sent to sign in
TO_PROVE = [302] * 6  # and the others to prove that it is them
NOBODY = [404] * 6
NOT_THEIRS = [302, *[404] * 5]
POSTED = [405] * 6
ONCE_OUT = [200, *[302] * 5]  # whoever is in is sent to the account
FOR_ADVISERS = [302, 403, 403, 200, 403, 403]
FOR_ADVISERS_POSTED = [405] * 6
LED_BACK = [302, 403, 403, 302, 403, 403]  # the page of the question, for advisers

TABLE = {
    "accounts:account": SIGNED_IN,
    "accounts:change_email": TO_PROVE,
    "accounts:change_email_code": TO_PROVE,
    "accounts:close_session": POSTED,
    "accounts:close_sessions": POSTED,
    "accounts:declare_membership": SIGNED_IN,
    "accounts:delete": TO_PROVE,
    "accounts:end_membership": [302, 404, 404, 404, 404, 404],  # somebody else's
    "accounts:memberships": SIGNED_IN,
    "accounts:profile": SIGNED_IN,
    "accounts:prove": SIGNED_IN,
    "accounts:prove_code": [302] * 6,  # nobody asked for one
    "accounts:set_password": TO_PROVE,
    "accounts:sign_in": ONCE_OUT,
    "accounts:sign_in_code": [302] * 6,
    "accounts:sign_in_password": ONCE_OUT,
    "accounts:sign_out": [302, *[200] * 5],
    "alive": EVERYBODY,
    "design:components": NOBODY,
    "experiences:detail": EVERYBODY,
    "experiences:like_mine": EVERYBODY,
    "experiences:list": EVERYBODY,
    "experiences:preview": NOBODY,  # without a link that was signed
    "inquiries:ask": EVERYBODY,
    "inquiries:ask_collectivity": NOBODY,  # this one and those below: for whoever holds the key of a draft
    "inquiries:ask_later": NOBODY,
    "inquiries:ask_near": POSTED,
    "inquiries:ask_question": NOBODY,
    "inquiries:ask_send": NOBODY,
    "inquiries:ask_verdict": EVERYBODY,
    "inquiries:asked": NOBODY,
    "inquiries:asked_address": NOBODY,
    "inquiries:asked_again": POSTED,
    "inquiries:call_logged": FOR_ADVISERS,
    "inquiries:call_verdict": FOR_ADVISERS,
    "inquiries:claim": FOR_ADVISERS_POSTED,
    "inquiries:consent": POSTED,
    "inquiries:desk": FOR_ADVISERS,
    "inquiries:desk_question": FOR_ADVISERS,
    "inquiries:end": FOR_ADVISERS,
    "inquiries:enough": NOBODY,
    "inquiries:export": SIGNED_IN,
    "inquiries:file": NOBODY,  # which waits for a form
    "inquiries:hand_over": FOR_ADVISERS_POSTED,
    "inquiries:log_call": FOR_ADVISERS,
    "inquiries:mine": SIGNED_IN,
    "inquiries:override": LED_BACK,
    "inquiries:preview": FOR_ADVISERS_POSTED,
    "inquiries:rate": [302, 404, 404, 403, 404, 404],  # an adviser acts in nobody’s name
    "inquiries:reopen": POSTED,
    "inquiries:reply": [302] * 6,  # read again, it leads to the question
    "inquiries:set_theme": FOR_ADVISERS_POSTED,
    "inquiries:share": POSTED,
    "inquiries:solve": POSTED,
    "inquiries:thread": [302, 404, 404, 200, 404, 404],
    "inquiries:withdraw": POSTED,
    "inquiries:write": LED_BACK,
    "jobs:mail": EVERYBODY,  # in the demonstration only
    "jobs:mailbox": EVERYBODY,
    "portal:accessibility": EVERYBODY,
    "portal:favicon": [302] * 6,  # to the drawing of the icon
    "portal:home": EVERYBODY,
    "portal:legal": EVERYBODY,
    "portal:privacy": EVERYBODY,
    "portal:robots": EVERYBODY,
    "portal:security": NOBODY,
    "portal:search": EVERYBODY,
    "portal:sitemap": EVERYBODY,
    "portal:suggestions": EVERYBODY,
    "positioning:answer": NOBODY,  # the addresses of a journey are signed
    "positioning:begin": [302] * 6,
    "positioning:compare": SIGNED_IN,
    "positioning:compare_present": NOT_THEIRS,
    "positioning:delete_saved": NOT_THEIRS,
    "positioning:feedback": NOBODY,
    "positioning:keep": NOBODY,
    "positioning:question": NOBODY,
    "positioning:result": NOBODY,
    "positioning:resume": NOBODY,
    "positioning:save": POSTED,
    "positioning:saved": NOT_THEIRS,
    "positioning:saved_list": SIGNED_IN,
    "positioning:shared": NOBODY,
    "positioning:start": EVERYBODY,
    "ready": EVERYBODY,
    "roles:conditions": EVERYBODY,
    "roles:entrepreneurship": EVERYBODY,
    "roles:list": EVERYBODY,
    "roles:posture": EVERYBODY,
    "roles:postures": [302] * 6,  # to where they are explained
    "roles:reasons": EVERYBODY,
    "roles:role": EVERYBODY,
    "territories:list": EVERYBODY,
    "territories:place": EVERYBODY,
    "territories:place_of_kind": EVERYBODY,
    "territories:search": EVERYBODY,
}


def test_the_table_names_every_address():
    assert set(addresses()) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.usefixtures("reference")
def test_each_of_the_cast_gets_what_the_table_says(request, name, stranger):
    make_experience(slug=SAMPLES["slug"])
    make_role(SAMPLES["role"], position=1)
    make_posture(SAMPLES["posture"])
    Mail.objects.create(pk=SAMPLES["number"], to="elue@mairie.fr", subject="Bonjour", body="Bonjour")
    make_membership(request.getfixturevalue("elected"), pk=SAMPLES["number"] + 10_000)
    Inquiry.objects.filter(pk=make_inquiry().pk).update(number=SAMPLES["number"])
    answers = []
    for who in CAST:
        client = Client()
        if who != "visitor":
            client.force_login(request.getfixturevalue(who))
        answers.append(client.get(addresses()[name]).status_code)
    assert dict(zip(CAST, answers, strict=True)) == dict(zip(CAST, TABLE[name], strict=True))

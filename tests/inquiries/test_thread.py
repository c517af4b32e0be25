"""The page of a question: who reads it, what it says, what its asker may do."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import MembershipState
from inquiries import actions
from inquiries.files import path_of
from inquiries.models import Inquiry, MessageKind, State
from inquiries.views import following
from jobs.models import Mail
from tests.accounts.factories import make_membership, make_user

from .factories import answered, detail_asked, make_inquiry, replied
from .samples import SAMPLES, sent

pytestmark = pytest.mark.django_db

BUTTONS = ["withdraw", "solve", "reopen", "consent", "share"]


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def text(response):
    return response.content.decode()


def address(name, inquiry):
    return reverse(f"inquiries:{name}", args=[inquiry.number])


@pytest.fixture
def place(elected):
    return elected.memberships.get().collectivity


@pytest.fixture
def inquiry(elected, place):
    return make_inquiry(elected, place)


@pytest.fixture
def client(elected):
    return signed_in(elected)


@pytest.fixture
def colleague(place):
    person = make_user("collegue@mairie.exemple", first_name="Paul", last_name="Collègue")
    make_membership(person, place)
    return person


@pytest.fixture
def declared(place):
    """Somebody who says to be of the same commune, for whom nobody vouched."""
    person = make_user("presque@mairie.exemple")
    make_membership(person, place, state=MembershipState.DECLARED)
    return person


def test_the_page_tells_the_exchange_the_state_and_what_comes_next(client, inquiry, elected, adviser):
    actions.claim(inquiry, by=adviser)
    actions.note(inquiry, "Note entre nous.", by=adviser, key="n")
    detail_asked(inquiry, adviser, "Une *association* ?")
    page = text(client.get(inquiry.get_absolute_url()))
    assert "Pour un salon." in page
    assert "<em>association</em>" in page
    assert "Aline Conseil, Territoires Conseils" in page
    assert "Aline Conseil prend en charge la question." in page
    assert "Nous attendons une précision de votre part." in page
    assert "La question sera close le" in page
    assert "Note entre nous" not in page
    assert "Note interne" not in page


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_meaning(client, inquiry, state):
    over = {"closed_at": timezone.now()} if state not in ("recue", "en-cours", "a-completer", "repondue") else {}
    Inquiry.objects.filter(pk=inquiry.pk).update(state=state, duplicate_of=inquiry, **over)
    page = text(client.get(inquiry.get_absolute_url()))
    assert State(state).label in page
    assert ("Vos coordonnées" in page) == bool(over)


@pytest.mark.parametrize("who", ["stranger", "colleague", "declared", "curator", "manager"])
def test_somebody_elses_number_does_not_exist(request, inquiry, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(address("thread", inquiry)).status_code == 404
    assert client.get(address("rate", inquiry)).status_code == 404
    for name in [*BUTTONS, "reply", "rate"]:
        assert client.post(address(name, inquiry), {"text": "Moi.", "choice": "oui"}).status_code == 404
    assert inquiry.messages.count() == 1
    assert signed_in(inquiry.asker).get("/mes-questions/Q-2026-999999/").status_code == 404


def test_a_shared_question_is_read_by_confirmed_colleagues_who_change_nothing(inquiry, elected, colleague, declared):
    actions.share(inquiry, True, by=elected)
    client = signed_in(colleague)
    page = text(client.get(inquiry.get_absolute_url()))
    assert "Pour un salon." in page
    assert "Cette question est partagée avec vous" in page
    assert "<textarea" not in page
    assert 'method="post"' not in page.split("<main")[1]
    assert signed_in(declared).get(inquiry.get_absolute_url()).status_code == 404
    for name in [*BUTTONS, "reply", "rate"]:
        assert client.post(address(name, inquiry), {"text": "Moi.", "choice": "oui"}).status_code == 403
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.messages.count()) == (State.RECEIVED, 1)


def test_an_adviser_reads_it_as_its_asker_does_and_acts_from_the_desk(inquiry, adviser):
    client = signed_in(adviser)
    assert "comme la personne qui a posé la question" in text(client.get(inquiry.get_absolute_url()))
    assert client.post(address("reply", inquiry), {"text": "Moi."}).status_code == 403


def test_a_reply_is_stored_once_however_often_it_arrives(client, inquiry):
    typed = {"text": "Une ligne\r\net une autre.", "sent_key": "la-meme-cle"}
    for _ in range(2):
        assert client.post(address("reply", inquiry), typed).status_code == 302
    assert inquiry.messages.filter(kind=MessageKind.ASKER).count() == 2  # the context, and this one
    client.post(address("reply", inquiry), typed | {"text": "Autre chose, depuis la même page."})
    assert [message.text for message in inquiry.messages.order_by("pk")][1:] == [
        "Une ligne\net une autre.",
        "Autre chose, depuis la même page.",
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Écrivez votre message, ou joignez"),
        ("  \n ", "Écrivez votre message, ou joignez"),
        ("a" * 5001, "5\u202f000 au plus"),
        ("a" * 200_000, "5\u202f000 au plus"),
        ("Bon\x07jour", "caractères invisibles"),
    ],
)
def test_a_reply_that_cannot_be_taken_is_said_and_kept(client, inquiry, typed, sentence):
    page = text(client.post(address("reply", inquiry), {"text": typed, "sent_key": "cle"}))
    assert sentence in page
    assert typed[:5000].strip() in page
    assert 'value="cle"' in page
    assert inquiry.messages.count() == 1


def test_five_thousand_signs_with_their_lines_are_taken(client, inquiry):
    typed = ("a" * 9 + "\r\n") * 500
    assert client.post(address("reply", inquiry), {"text": typed, "sent_key": "cle"}).status_code == 302


def test_a_reply_to_what_is_over_is_refused_and_kept(client, inquiry, elected):
    actions.withdraw(inquiry, by=elected)
    page = text(client.post(address("reply", inquiry), {"text": "Encore un mot.", "sent_key": "cle"}))
    assert "Cette question est terminée" in page
    assert inquiry.messages.count() == 1


def test_past_so_many_replies_the_next_waits_and_its_text_is_kept(client, inquiry, monkeypatch):
    monkeypatch.setattr(following, "MOST_REPLIES", 1)
    client.post(address("reply", inquiry), {"text": "Un mot.", "sent_key": "a"})
    page = text(client.post(address("reply", inquiry), {"text": "Encore un mot.", "sent_key": "b"}))
    assert "envoyez-le dans une heure" in page
    assert "Encore un mot." in page
    assert inquiry.messages.count() == 2


def test_files_go_with_the_message_and_those_that_were_accepted_survive_an_error(client, inquiry, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    form = {"text": "", "sent_key": "cle", "documents": [sent(SAMPLES["pdf"], "Statuts.pdf"), sent(b"", "vide.pdf")]}
    page = text(client.post(address("reply", inquiry), form))
    assert "«\u00a0vide.pdf\u00a0» est vide" in page
    [kept] = re.findall(r'name="_fichiers" value="([^"]+)"', page)
    assert client.post(address("reply", inquiry), {"text": "", "sent_key": "cle", "_fichiers": kept}).status_code == 302
    message = inquiry.messages.latest("pk")
    upload = message.uploads.get()
    page = text(client.get(inquiry.get_absolute_url()))
    assert upload.get_absolute_url() in page
    assert client.get(upload.get_absolute_url()).getvalue() == path_of(upload.key).read_bytes()
    assert signed_in(make_user()).get(upload.get_absolute_url()).status_code == 404


def test_a_double_click_with_a_file_is_one_message_with_its_file(client, inquiry, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for _ in range(2):
        form = {"text": "Voici.", "sent_key": "cle", "documents": [sent(SAMPLES["pdf"], "Statuts.pdf")]}
        assert client.post(address("reply", inquiry), form).status_code == 302
    assert inquiry.messages.count() == 2
    assert inquiry.messages.latest("pk").uploads.count() == 1


def test_a_text_whose_session_ended_is_given_back_and_leads_to_the_question(inquiry):
    response = Client().post(address("reply", inquiry), {"text": "Ce que j’avais écrit.", "sent_key": "la-cle"})
    assert response.status_code == 403
    assert "Ce que j’avais écrit." in text(response)
    assert "la-cle" not in text(response)
    assert f"next={quote(address('reply', inquiry), safe='')}" in text(response)
    assert signed_in(inquiry.asker).get(address("reply", inquiry))["Location"] == inquiry.get_absolute_url()


def test_what_is_typed_is_shown_never_run(client, inquiry):
    client.post(address("reply", inquiry), {"text": "<script>alert(1)</script> & <b>gras</b>", "sent_key": "cle"})
    page = text(client.get(inquiry.get_absolute_url()))
    assert "<script>alert" not in page
    assert "&lt;b&gt;gras&lt;/b&gt;" in page


def test_close_open_again_and_withdraw(client, inquiry, adviser):
    answered(inquiry, adviser)
    for name, state in [("solve", State.CLOSED), ("reopen", State.IN_PROGRESS), ("withdraw", State.WITHDRAWN)]:
        assert client.post(address(name, inquiry)).status_code == 302
        inquiry.refresh_from_db()
        assert inquiry.state == state
    page = text(client.post(address("reopen", inquiry), follow=True))
    assert "Il s’est passé quelque chose depuis que vous avez ouvert cette page" in page


def test_a_link_changes_nothing(client, inquiry, adviser):
    answered(inquiry, adviser)
    for name in BUTTONS:
        assert client.get(address(name, inquiry)).status_code == 405
    client.get(address("rate", inquiry), {"note": 5})
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.rating) == (State.ANSWERED, None)


def test_consent_and_sharing_are_given_and_taken_back(client, inquiry):
    for name, field in [("consent", "has_consent"), ("share", "is_shared")]:
        for word, value in [("oui", True), ("non", False)]:
            client.post(address(name, inquiry), {"choice": word})
            inquiry.refresh_from_db()
            assert getattr(inquiry, field) == value
        assert client.post(address(name, inquiry), {"choice": "peut-être"}).status_code == 400
    page = text(client.get(inquiry.get_absolute_url()))
    assert "Vous avez partagé la question" in page
    assert "Vous avez retiré l’accord de publication" in page


def test_only_whoever_is_confirmed_shares(declared, place):
    inquiry = make_inquiry(declared, place)
    page = text(signed_in(declared).post(address("share", inquiry), {"choice": "oui"}, follow=True))
    assert "quand votre rattachement sera confirmé" in page
    inquiry.refresh_from_db()
    assert not inquiry.is_shared


def test_a_mail_that_was_refused_is_told_to_its_asker_alone(client, inquiry, elected, colleague):
    actions.share(inquiry, True, by=elected)
    Mail.objects.filter(thread=inquiry.thread_name).update(refused_at=timezone.now(), refusal="550 non")
    assert "n’a pas pu vous être remis" in text(client.get(inquiry.get_absolute_url()))
    assert "n’a pas pu vous être remis" not in text(signed_in(colleague).get(inquiry.get_absolute_url()))


def test_a_duplicate_leads_to_the_other_question_only_if_one_may_read_it(client, inquiry, elected, adviser):
    theirs, others = make_inquiry(elected), make_inquiry(make_user())
    for original, is_shown in [(theirs, True), (others, False)]:
        Inquiry.objects.filter(pk=inquiry.pk).update(state=State.DUPLICATE, duplicate_of=original)
        assert (original.number in text(client.get(inquiry.get_absolute_url()))) == is_shown


def test_as_many_statements_for_thirty_messages_as_for_two(
    client, inquiry, elected, adviser, django_assert_max_num_queries
):
    answered(inquiry, adviser)
    url = inquiry.get_absolute_url()
    client.get(url)
    with django_assert_max_num_queries(18) as few:
        client.get(url)
    for number in range(15):
        replied(inquiry, elected, f"Et {number} ?")
        other = make_user(f"conseil{number}@portail.exemple")
        actions.hand_over(inquiry, other, seen=Inquiry.objects.get(pk=inquiry.pk).adviser, by=adviser)
        answered(inquiry, other)
    with django_assert_max_num_queries(len(few.captured_queries) + 1):  # the names of those it was handed to
        client.get(url)

"""Asking a question: collectivity, question, identity, number, code; with an account and without."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Code, User
from config.middleware import SECRET_ARGUMENTS
from inquiries import actions
from inquiries.forms.asking import IdentityForm
from inquiries.models import DRAFT_LIFE, Draft, Inquiry, Message, Sufficed, Upload
from inquiries.tasks import drop_drafts
from inquiries.views import asked, asking
from jobs import queue
from jobs.models import Mail
from tests.accounts.factories import make_place, make_user
from tests.experiences.factories import make_experience

from .factories import make_identity, make_question
from .samples import PDF, sent

pytestmark = pytest.mark.django_db

ASK = "/questions/poser/"
QUESTION = {"subject": "Peut-on prêter la salle des fêtes à une entreprise\u202f?", "text": "Pour un salon."}
PERSON = {"first_name": "Hélène", "last_name": "Rouvière", "function": "maire", "email": "mairie@exemple.fr"}


@pytest.fixture
def place(db):
    return make_place("Chapteuil", population=2019)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    monkeypatch.setattr(asking, "LEAST_TIME", timedelta(0))


def begin(client, place, **more):
    return client.post(ASK, {**named(place), "who": "elu", **more})


def named(place):
    return {"collectivity": place.label, "collectivity_cle": place.key, "collectivity_propose": place.label}


def draft_of(client, place, question=QUESTION):
    response = begin(client, place)
    client.post(response["Location"], question)
    return Draft.objects.get(key=response["Location"].split("/")[3])


def at(name, draft):
    return reverse(f"inquiries:{name}", args=[draft.key])


def send(client, draft, **person):
    return client.post(at("ask_send", draft), {**PERSON, **person})


def digits_of(mailoutbox):
    queue.do_ready()
    [digits] = re.findall(r"\d{4} \d{4}", mailoutbox[-1].body)
    return digits


def test_three_steps_a_number_and_a_code(client, place, mailoutbox):
    response = begin(client, place)
    draft = Draft.objects.get()
    assert response["Location"] == draft.get_absolute_url()
    assert "Le service" not in client.get(ASK).content.decode()
    response = client.post(at("ask_question", draft), QUESTION)
    assert response["Location"] == at("ask_send", draft)
    page = client.get(at("ask_send", draft)).content.decode()
    assert QUESTION["subject"] in page
    assert "Pour un salon." in page
    response = send(client, draft)
    assert response["Location"] == at("asked", draft)
    inquiry = Inquiry.objects.get()
    assert inquiry.is_unconfirmed
    assert (inquiry.collectivity, inquiry.subject, inquiry.function) == (place, QUESTION["subject"], "maire")
    assert inquiry.eligibility["eligible"] is True
    digits = digits_of(mailoutbox)
    assert [mail.to for mail in mailoutbox] == [[PERSON["email"]]]
    assert inquiry.number in mailoutbox[0].body
    assert "salle des fêtes" not in mailoutbox[0].body + mailoutbox[0].subject
    page = client.post(at("asked", draft), {"digits": digits}, follow=True)
    assert page.redirect_chain[-1][0] == at("asked", draft)
    inquiry.refresh_from_db()
    assert inquiry.asker == User.objects.get(email=PERSON["email"])
    assert "Votre question est bien arrivée" in page.content.decode()
    assert inquiry.number in page.content.decode()
    queue.do_ready()
    assert len(mailoutbox) == 2


# Step 1


def test_opening_the_page_keeps_nothing(client):
    response = client.get(ASK)
    assert response.status_code == 200
    assert not Draft.objects.exists()
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "strict-origin"
    assert 'name="robots" content="noindex"' in response.content.decode()


def test_a_place_that_may_not_ask_never_reaches_the_question(client):
    town = make_place("Grandville", population=16_618)
    page = begin(client, town).content.decode()
    assert "n’est pas ouvert ici" in page
    assert "16\u202f618" in page
    assert 'name="by_above"' not in page
    assert not Draft.objects.exists()


def test_an_official_of_such_a_place_asks_through_its_intercommunality(client):
    above = make_place(
        "CC du Plateau", code="200099991", siren="200099991", kind="intercommunalite", nature="CC", population=40_000
    )
    town = make_place("Grandville", population=16_618, intercommunality=above)
    assert "au nom de votre intercommunalité" in begin(client, town).content.decode()
    response = begin(client, town, by_above="oui")
    draft = Draft.objects.get()
    assert response["Location"] == draft.get_absolute_url()
    client.post(at("ask_question", draft), QUESTION)
    send(client, draft)
    inquiry = Inquiry.objects.get()
    assert (inquiry.collectivity, inquiry.on_behalf_of) == (above, town)
    assert inquiry.eligibility["facts"]["nom"] == "CC du Plateau"


def test_the_verdict_is_told_alone_to_a_script(client, place):
    page = client.get("/questions/eligibilite/", {"cle": place.key}).content.decode()
    assert "Le service vous est ouvert" in page
    assert client.get("/questions/eligibilite/", {"cle": "commune:nulle-part"}).content.decode().strip() == ""


@pytest.mark.parametrize("posted", [{}, {"collectivity": "Nulle-Part-sur-Rien"}, {"who": "pirate"}])
def test_what_is_missing_or_unknown_is_said(client, posted):
    response = client.post(ASK, posted)
    assert response.status_code == 200
    assert "à corriger" in response.content.decode()
    assert not Draft.objects.exists()


def test_the_experience_and_the_page_of_origin_go_with_the_question(client, place):
    experience = make_experience(slug="un-cafe", title="Un café rouvert")
    came_from = f"http://testserver{experience.get_absolute_url()}?q=secret"
    page = client.get(ASK, {"experience": "un-cafe"}, headers={"referer": came_from})
    assert "Un café rouvert" in page.content.decode()
    initial = page.context["form"].initial
    begin(client, place, experience=initial["experience"], origin=initial["origin"])
    draft = Draft.objects.get()
    client.post(at("ask_question", draft), QUESTION)
    send(client, draft)
    inquiry = Inquiry.objects.get()
    assert (inquiry.experience, inquiry.origin) == (experience, experience.get_absolute_url())


@pytest.mark.parametrize(
    "referer", ["http://ailleurs.exemple/accessibilite/", "http://testserver/positionnement/cle/", "rien"]
)
def test_neither_another_site_nor_a_secret_address_is_the_origin(client, referer):
    assert client.get(ASK, headers={"referer": referer}).context["form"].initial["origin"] == ""


def test_a_draft_is_offered_again_in_the_same_browser_alone(client, place):
    draft = draft_of(client, place)
    page = client.get(ASK).content.decode()
    assert draft.get_absolute_url() in page
    assert draft.get_absolute_url() not in Client().get(ASK).content.decode()


def test_a_link_does_not_take_the_place_of_what_one_is_writing(client, place):
    mine, theirs = draft_of(client, place), draft_of(Client(), place)
    assert client.get(theirs.get_absolute_url()).status_code == 200
    assert client.get(ASK).context["resumable"] == mine
    client.post(theirs.get_absolute_url(), QUESTION)
    assert client.get(ASK).context["resumable"] == theirs
    other = Client()
    other.get(theirs.get_absolute_url())
    assert other.get(ASK).context["resumable"] == theirs


# Step 2


def errors_of(client, draft, **typed):
    response = client.post(at("ask_question", draft), {**QUESTION, **typed})
    assert response.status_code == 200
    return response.context["form"].errors, response.content.decode()


def test_each_bad_field_has_its_sentence_and_all_that_was_typed_stays(client, place):
    draft = draft_of(client, place)
    yesterday = timezone.localdate() - timedelta(days=1)
    errors, page = errors_of(client, draft, subject="", wanted_on=yesterday.isoformat(), theme="inconnu")
    assert set(errors) == {"subject", "wanted_on", "theme"}
    assert "Cette date est passée" in page
    assert "Pour un salon." in page
    assert yesterday.isoformat() in page
    errors, page = errors_of(client, draft, text="a" * 200_000, subject="b" * 201)
    assert "200\u202f000 caractères" in errors["text"][0]
    assert "a" * 200_000 in page
    draft.refresh_from_db()
    assert len(draft.typed["text"]) == 20_000
    errors, page = errors_of(client, draft, text="Bonjour\x07", subject="Ab\u202ecd")
    assert set(errors) == {"text", "subject"}


@pytest.mark.parametrize(("length", "is_said"), [(20_000, False), (20_001, True)])
def test_a_draft_that_keeps_the_beginning_alone_says_so(client, place, length, is_said):
    draft = draft_of(client, place)
    page = client.post(at("ask_question", draft), {**QUESTION, "text": "a" * length, "aller": "garder"}, follow=True)
    assert page.redirect_chain[-1][0] == at("ask_later", draft)
    assert ("le brouillon n’en garde que le début" in page.content.decode()) == is_said


def test_what_a_word_processor_pastes_is_taken(client, place):
    draft = draft_of(client, place, {"subject": "Une\u2028question ?", "text": "Un.\x0bDeux.\r\nTrois."})
    send(client, draft)
    inquiry = Inquiry.objects.get()
    assert (inquiry.subject, inquiry.messages.get().text) == ("Une question ?", "Un.\nDeux.\nTrois.")


def test_files_stay_when_another_field_is_wrong_and_go_with_the_question(client, place):
    draft = draft_of(client, place)
    client.post(at("ask_question", draft), {**QUESTION, "subject": "", "documents": [sent(PDF, "plan.pdf")]})
    assert draft.uploads.count() == 1
    client.post(at("ask_question", draft), QUESTION)
    upload = Upload.objects.get()
    assert upload.name in client.get(at("ask_send", draft)).content.decode()
    send(client, draft)
    upload.refresh_from_db()
    assert upload.message == Message.objects.get()


def test_what_is_near_is_shown_while_typing_and_kept(client, place):
    make_experience(title="Prêter la salle des fêtes", pitch="La commune prête sa salle.")
    draft = draft_of(client, place, {})
    typed = {"subject": "prêter la salle des fêtes"}
    page = client.post(at("ask_near", draft), typed).content.decode()
    assert "Cela me suffit" in page
    draft.refresh_from_db()
    assert draft.typed["subject"] == typed["subject"]
    assert "Cela me suffit" in client.get(draft.get_absolute_url()).content.decode()
    draft = draft_of(client, place, {**typed, "aller": "chercher"})
    assert Draft.objects.filter(pk=draft.pk, typed__subject=typed["subject"]).exists()


def test_enough_is_counted_once_without_anybody(client, place):
    draft = draft_of(client, place)
    for _ in range(2):
        page = client.post(at("enough", draft), {"kind": "Expérience"})
    assert "tant mieux" in page.content.decode()
    assert [(row.kind, row.times) for row in Sufficed.objects.all()] == [("experience", 1)]
    assert draft.get_absolute_url() not in client.get(ASK).content.decode()
    assert QUESTION["subject"] in client.get(draft.get_absolute_url()).content.decode()


def test_a_draft_is_kept_for_later_and_its_link_mailed_to_an_address_that_is_forgotten(client, place, mailoutbox):
    draft = draft_of(client, place, {"subject": "Peut-on…", "aller": "garder"})
    assert draft.get_absolute_url() in client.get(at("ask_later", draft)).content.decode()
    client.post(at("ask_later", draft), {"email": "moi@exemple.fr"})
    queue.do_ready()
    assert draft.get_absolute_url() in mailoutbox[0].body
    assert Mail.objects.get().forgets_address
    page = Client().get(draft.get_absolute_url()).content.decode()
    assert "Peut-on…" in page


# Step 3


def test_sent_twice_it_is_one_question_and_one_mail(client, place, mailoutbox):
    draft = draft_of(client, place)
    for again in (send(client, draft), send(client, draft), client.post(at("ask_question", draft), QUESTION)):
        assert again["Location"] == at("asked", draft)
    queue.do_ready()
    assert Inquiry.objects.count() == Message.objects.count() == Code.objects.count() == len(mailoutbox) == 1


def test_a_machine_falls_in_the_trap_and_a_person_gets_out(client, place):
    draft = draft_of(client, place)
    page = send(client, draft, website="http://pub.example").content.decode()
    assert "Laissez cette case vide" in page
    assert PERSON["email"] in page
    assert not Inquiry.objects.exists()
    send(client, draft)
    assert Inquiry.objects.count() == 1


def test_too_fast_or_too_many_waits_and_loses_nothing(client, place, monkeypatch):
    draft = draft_of(client, place)
    monkeypatch.setattr(asking, "LEAST_TIME", timedelta(hours=1))
    assert "Relisez" in send(client, draft).content.decode()
    Draft.objects.update(begun_at=timezone.now() - timedelta(hours=2))
    monkeypatch.setattr(asking, "MOST_QUESTIONS", 0)
    response = send(client, draft)
    assert response.status_code == 429
    assert "Votre texte est gardé" in response.content.decode()
    assert PERSON["email"] in client.get(at("ask_send", draft)).content.decode()
    assert not Inquiry.objects.exists()


def test_what_became_wrong_since_leads_back_to_its_step(client, place):
    draft = draft_of(client, place)
    draft.refresh_from_db()
    draft.typed["wanted_on"] = "2020-01-01"
    draft.save()
    response = send(client, draft)
    page = client.get(response["Location"]).content.decode()
    assert "Cette date est passée" in page
    type(place).objects.filter(pk=place.pk).update(population=20_000)
    assert send(client, draft)["Location"] == at("ask_collectivity", draft)
    assert not Inquiry.objects.exists()


def test_a_change_of_step_keeps_what_was_typed(client, place):
    draft = draft_of(client, place)
    response = send(client, draft, aller="question")
    assert response["Location"] == draft.get_absolute_url()
    assert "Rouvière" in client.get(at("ask_send", draft)).content.decode()


# With an account


def test_whoever_is_signed_in_is_asked_for_nothing_known(client, elected):
    place = elected.memberships.get().collectivity
    type(place).objects.filter(pk=place.pk).update(population=300)
    client.force_login(elected)
    response = client.post(ASK, {"membership": place.key})
    draft = Draft.objects.get(owner=elected)
    assert response["Location"] == draft.get_absolute_url()
    client.post(at("ask_question", draft), QUESTION)
    form = client.get(at("ask_send", draft)).context["form"]
    assert [field.name for field in form.asked] == ["phone"]
    page = client.post(at("ask_send", draft), {}, follow=True).content.decode()
    inquiry = Inquiry.objects.get()
    assert (inquiry.asker, inquiry.email, inquiry.function) == (elected, elected.email, "maire")
    assert inquiry.get_absolute_url() in page
    assert not Code.objects.exists()


def test_they_may_ask_for_another_collectivity(client, elected, place):
    client.force_login(elected)
    response = client.post(ASK, {**named(place), "who": "agent", "membership": "autre"})
    assert response.status_code == 302
    page = client.post(ASK, {"membership": "autre"}).content.decode()
    assert "Indiquez le nom de la collectivité" in page


# The proof of the address


def test_a_server_that_stops_before_the_mail_sends_it_on_the_next_page(client, place, mailoutbox):
    draft = draft_of(client, place)
    actions.ask(draft, make_question(place), make_identity(email=PERSON["email"]), person=None)
    for _ in range(2):
        assert send(client, draft)["Location"] == at("asked", draft)
        assert "Huit chiffres" in client.get(at("asked", draft)).content.decode()
    assert digits_of(mailoutbox)
    assert [mail.to for mail in mailoutbox] == [[PERSON["email"]]]


def test_another_code_and_another_address(client, place, mailoutbox):
    draft = draft_of(client, place)
    send(client, draft)
    first = digits_of(mailoutbox)
    client.post(at("asked_address", draft), {"email": "autre@exemple.fr"})
    second = digits_of(mailoutbox)
    assert mailoutbox[-1].to == ["autre@exemple.fr"]
    assert "n’est pas le bon" in client.post(at("asked", draft), {"digits": first}).content.decode()
    client.post(at("asked_again", draft))
    third = digits_of(mailoutbox)
    assert second != third
    client.post(at("asked", draft), {"digits": third})
    assert Inquiry.objects.values_list("asker__email", flat=True).get() == "autre@exemple.fr"
    client.post(at("asked_address", draft), {"email": "pirate@exemple.fr"})
    assert Inquiry.objects.get().email == "autre@exemple.fr"


def test_the_code_serves_on_the_page_of_sign_in_and_in_another_browser(client, place, mailoutbox):
    draft = draft_of(client, place)
    send(client, draft)
    response = client.post("/connexion/code/", {"digits": digits_of(mailoutbox)})
    assert response.status_code == 302
    assert Inquiry.objects.get().is_unconfirmed
    client.get(at("asked", draft))
    assert Inquiry.objects.values_list("asker__email", flat=True).get() == PERSON["email"]
    other = Client()
    draft = draft_of(other, place)
    send(other, draft)
    Client().post(at("asked", draft), {"digits": digits_of(mailoutbox)})
    assert not Inquiry.objects.filter(asker=None).exists()


def test_past_the_limit_of_codes_the_question_is_kept(client, place, monkeypatch):
    monkeypatch.setattr(asked, "ask_code", lambda *_: "Beaucoup de codes ont été demandés.")
    draft = draft_of(client, place)
    page = client.get(send(client, draft)["Location"]).content.decode()
    assert "Beaucoup de codes" in page
    assert "Recevoir un code" in page
    assert Inquiry.objects.get().is_unconfirmed


def test_the_number_is_told_to_whoever_holds_the_key_even_signed_in_as_another(client, place):
    draft = draft_of(client, place)
    send(client, draft)
    other = Client()
    other.force_login(make_user("autre@exemple.fr"))
    assert other.get(at("asked", draft)).status_code == 200
    assert Inquiry.objects.get().is_unconfirmed


def test_the_address_is_told_to_its_owner_alone_once_confirmed(client, place, mailoutbox):
    draft = draft_of(client, place)
    send(client, draft)
    client.post(at("asked", draft), {"digits": digits_of(mailoutbox)})
    assert PERSON["email"] in client.get(at("asked", draft)).content.decode()
    page = Client().get(at("asked", draft)).content.decode()
    assert Inquiry.objects.get().number in page
    assert PERSON["email"] not in page


# What stays and what goes


def test_a_draft_lives_thirty_days(client, place):
    draft = draft_of(client, place)
    Draft.objects.update(changed_at=timezone.now() - DRAFT_LIFE - timedelta(minutes=1))
    response = client.post(draft.get_absolute_url(), {**QUESTION, "text": "Un long texte."})
    assert response.status_code == 404
    assert "Un long texte." in response.content.decode()
    drop_drafts()
    assert not Draft.objects.exists()


def test_a_lost_token_says_where_the_draft_is(place):
    client = Client(enforce_csrf_checks=True)
    draft = Draft.objects.create(typed=named(place))
    response = client.post(draft.get_absolute_url(), QUESTION)
    assert response.status_code == 403
    page = response.content.decode()
    assert draft.get_absolute_url() in page
    assert "Pour un salon." in page


def test_the_key_is_not_in_the_journal(client, place, caplog):
    draft = draft_of(client, place)
    client.get(at("ask_send", draft))
    client.get(at("ask_send", draft)[:-1])
    for mistyped in (f"/questions/poser;{draft.key}/", f"/mes-questions/poser/{draft.key}/", f"/x/{draft.key}"):
        assert client.get(mistyped).status_code == 404
    assert draft.key not in caplog.text + str([record.__dict__ for record in caplog.records])


@pytest.mark.parametrize(
    ("name", "most"), [("ask_question", 16), ("ask_send", 12), ("ask_collectivity", 14), ("ask_later", 6), ("asked", 8)]
)
def test_statements_of_each_page(client, place, name, most):
    draft = draft_of(client, place)
    if name == "asked":
        send(client, draft)
    client.get(at(name, draft))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(at(name, draft)).status_code == 200
    assert len(captured) <= most, [query["sql"][:150] for query in captured]


@pytest.mark.parametrize("referer", ["http://[", "//[x", "https://exemple.fr/" + "a" * 3000])
def test_a_page_of_origin_that_cannot_be_read_is_left_out(client, referer):
    assert client.get(reverse("inquiries:ask"), headers={"referer": referer}).status_code == 200


@pytest.mark.parametrize("phone", ["+" + "1" * 20, "٠٤٧١٠٠٠٠٠٠", "12345"])
def test_a_phone_number_that_is_none_is_said(phone):
    form = IdentityForm({"phone": phone}, person=AnonymousUser(), who="elu", known_function="")
    assert form.errors["phone"] == ["Écrivez un numéro de téléphone, tel que 04 71 00 00 00."]


def test_no_page_of_origin_holds_what_the_journal_masks():
    assert asking.SECRETS == SECRET_ARGUMENTS

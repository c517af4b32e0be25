import re
import time

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.permissions import Duty
from experiences import actions, previews
from experiences.models import Experience, State
from territories.models import Kind
from tests.accounts.factories import make_place, make_user
from tests.experiences.factories import complete, make_experience, make_source, make_step, make_theme

ADD = reverse("admin:experiences_experience_add")
LIST = reverse("experiences:list")
PREFIXES = [
    "filings", "locations", "illustrations", "sources", "roles_held", "steps", "results", "difficulties", "conditions",
    "money_lines", "quotes", "videos", "images",
]  # fmt: skip

pytestmark = pytest.mark.django_db


def change(experience):
    return reverse("admin:experiences_experience_change", args=[experience.pk])


def form(**fields):
    counts = {f"{prefix}-{word}_FORMS": 0 for prefix in PREFIXES for word in ("TOTAL", "INITIAL")}
    return {
        "title": "Une laiterie reprise par ses éleveurs",
        "slug": "laiterie",
        "pitch": "La commune achète les murs.",
        "organisations": "SCIC La Laiterie",
        "scale": "commune",
        "lessons": "Acheter tôt, avant la vente\r\n\r\n  Écouter, puis décider ",
        "resources": "",
        "first_steps": "",
        "policy_issue_texts": "",
        "keywords": "fromagerie\r\nlait local",
        **counts,
        **fields,
    }


@pytest.fixture
def second():
    return make_user("seconde@portail.exemple", duties=[Duty.CURATOR])


def test_a_curator_writes_a_sheet_and_a_second_one_publishes_it(client, curator, second):
    place = make_place("Saint-Céré", departement=make_place("Lot", kind=Kind.DEPARTEMENT, code="99"))
    client.force_login(curator)
    located = {"locations-TOTAL_FORMS": 1, "locations-0-collectivity": place.pk, "locations-0-position": 1}
    assert client.post(ADD, form(**located)).status_code == 302
    sheet = Experience.objects.get()
    assert sheet.state == State.WRITING
    assert sheet.lessons == ["Acheter tôt, avant la vente", "Écouter, puis décider"]
    assert sheet.keywords == ["fromagerie", "lait local"]
    assert "laiterie" not in Client().get(LIST).content.decode()
    sheet.filings.create(theme=make_theme(), position=1)
    make_source(sheet)
    kept = {"locations-TOTAL_FORMS": 1, "locations-INITIAL_FORMS": 1, "locations-0-id": sheet.locations.get().pk}
    data = form(**(located | kept | {"locations-0-experience": sheet.pk}))
    client.post(change(sheet), {**data, "_move": "submit"})
    client.post(change(sheet), {**data, "_move": "reread"})
    sheet.refresh_from_db()
    assert sheet.state == State.TO_REREAD
    assert "Une autre personne" in client.get(change(sheet)).content.decode()
    client.force_login(second)
    client.post(change(sheet), {**data, "_move": "reread"})
    client.post(change(sheet), {**data, "_move": "publish"})
    sheet.refresh_from_db()
    assert sheet.state == State.PUBLISHED
    assert sheet.last_checked_by == second
    assert "reprise par ses éleveurs" in Client().get(LIST, {"q": "laiterie saint-céré"}).content.decode()
    client.post(change(sheet), {**data, "_move": "archive"})
    sheet.refresh_from_db()
    assert sheet.state == State.ARCHIVED


def test_the_state_is_not_a_field(client, curator):
    sheet = make_experience(state=State.WRITING, first_published_on=None)
    client.force_login(curator)
    client.post(change(sheet), form(state="publiee", first_published_on="2026-01-01"))
    sheet.refresh_from_db()
    assert (sheet.state, sheet.first_published_on) == (State.WRITING, None)


def test_what_was_public_keeps_its_address_and_is_not_deleted(client, curator):
    sheet = make_experience(slug="connue")
    client.force_login(curator)
    client.post(change(sheet), form(slug="autre"))
    sheet.refresh_from_db()
    assert sheet.slug == "connue"
    delete = reverse("admin:experiences_experience_delete", args=[sheet.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_versions_are_compared(client, curator):
    sheet = make_experience(state=State.WRITING, first_published_on=None)
    client.force_login(curator)
    client.post(change(sheet), form(title="Premier titre"))
    client.post(change(sheet), form(title="Second titre"))
    history = client.get(reverse("admin:experiences_experience_history", args=[sheet.pk])).content.decode()
    assert "Premier titre" in history
    assert "Second titre" in history
    assert str(curator) in history


def test_versions_are_told_in_the_words_of_the_form(client, curator):
    sheet = complete(make_experience(state=State.WRITING, first_published_on=None))
    actions.move(sheet, "submit", by=curator)
    client.force_login(curator)
    page = client.get(reverse("admin:experiences_experience_history", args=[sheet.pk])).content.decode()
    assert page.count("Donner à relire") == 1
    assert "<strong>État</strong>\u00a0: En rédaction → À relire" in page
    assert f"<strong>Donnée à relire par</strong>\u00a0: (vide) → {curator}" in page
    assert "history_change_reason" not in page
    assert "None" not in page
    assert "a-relire" not in page


def test_a_signed_link_shows_a_draft_for_seven_days(client, curator, monkeypatch):
    sheet = make_experience(state=State.WRITING, first_published_on=None)
    client.force_login(curator)
    link = re.search(r'href="(/experiences/apercu/[^"]+)"', client.get(change(sheet)).content.decode())
    assert link
    visitor = Client()
    response = visitor.get(link[1])
    assert "Aperçu, avant publication" in response.content.decode()
    assert sheet.title in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert visitor.get(link[1][:-2] + "x/").status_code == 404
    assert visitor.get(sheet.get_absolute_url()).status_code == 404
    later = time.time() + previews.VALID_FOR.total_seconds() + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert visitor.get(link[1]).status_code == 404


def test_a_preview_opened_after_publication_leads_to_the_public_page(client):
    sheet = make_experience()
    assert client.get(previews.address(sheet)).url == sheet.get_absolute_url()


def test_rows_number_themselves_after_the_others(client, curator):
    sheet = make_experience(state=State.WRITING, first_published_on=None)
    first = make_source(sheet, position=4)
    kept = {"sources-0-id": first.pk, "sources-0-experience": sheet.pk, "sources-0-position": 4}
    added = {"sources-1-title": "Un rapport", "sources-2-title": "Une délibération", "sources-3-title": "Un bulletin"}
    typed = {"sources-0-title": first.title, "sources-2-position": 5}
    client.force_login(curator)
    counts = {"sources-TOTAL_FORMS": 4, "sources-INITIAL_FORMS": 1}
    response = client.post(change(sheet), form(**counts, **kept, **added, **typed))
    assert response.status_code == 302
    assert list(sheet.sources.values_list("position", "title")) == [
        (4, "Un article"),
        (5, "Une délibération"),
        (6, "Un rapport"),
        (7, "Un bulletin"),
    ]


def test_sources_come_first_and_facts_say_where_theirs_appear(client, curator):
    client.force_login(curator)
    page = client.get(ADD).content.decode()
    assert "Enregistrez d’abord la source, elle apparaîtra ici." in page
    assert page.index('id="sources-group"') < page.index('id="roles_held-group"')
    assert page.index('id="sources-group"') < page.index('id="filings-group"')


def test_whoever_submitted_sees_why_there_is_no_button(client, curator, second):
    sheet = complete(make_experience(state=State.TO_REREAD, first_published_on=None, submitted_by=curator))
    client.force_login(curator)
    page = client.get(change(sheet)).content.decode()
    assert 'value="reread"' not in page
    assert 'value="write"' in page
    assert "Une autre personne que celle qui l’a donnée à relire" in page
    client.force_login(second)
    page = client.get(change(sheet)).content.decode()
    assert 'value="reread"' in page
    assert "Une autre personne que celle" not in page


def test_a_refusal_without_reason_is_told_beside_the_reason_and_loses_nothing(client, curator):
    sheet = make_experience(state=State.WRITING, first_published_on=None)
    client.force_login(curator)
    page = client.post(change(sheet), form(title="Un titre tapé", _move="refuse", _reason=" ")).content.decode()
    assert 'value="Un titre tapé"' in page
    assert re.search(r'<ul class="errorlist" id="id_reason_error"><li>Donnez une raison', page)
    client.post(change(sheet), form(title="Un titre tapé", _move="refuse", _reason="Hors sujet."))
    sheet.refresh_from_db()
    assert (sheet.state, sheet.refusal_reason, sheet.title) == (State.REFUSED, "Hors sujet.", "Un titre tapé")


@pytest.mark.parametrize("state", State)
def test_only_a_public_sheet_is_seen_on_the_site(state, client, curator):
    sheet = make_experience(state=state, refusal_reason="Hors sujet.")
    client.force_login(curator)
    linked = "Voir sur le site" in client.get(change(sheet)).content.decode()
    assert linked == (Client().get(sheet.get_absolute_url()).status_code == 200)


def test_a_link_signed_for_something_else_opens_nothing(client):
    sheet = make_experience(state=State.WRITING, first_published_on=None)
    other = reverse("experiences:preview", args=[signing.dumps(sheet.pk)])
    assert client.get(other).status_code == 404


def test_a_sheet_changed_meanwhile_is_not_overwritten_unknowingly(client, curator):
    experience = make_experience(state=State.WRITING, title="Le titre d’avant")
    client.force_login(curator)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', client.get(change(experience)).content.decode())
    mine = form(slug=experience.slug, title="Mon titre", seen=seen)

    theirs = Experience.objects.get(pk=experience.pk)
    theirs.title = "Le titre d’une collègue"
    theirs.save()
    refused = client.post(change(experience), mine)
    assert refused.status_code == 200
    page = refused.content.decode()
    assert "Quelqu’un a modifié cette fiche" in page
    assert "Mon titre" in page
    assert Experience.objects.get(pk=experience.pk).title == "Le titre d’une collègue"

    (again,) = re.findall(r'name="seen" value="([^"]+)"', page)
    assert client.post(change(experience), {**mine, "seen": again}).status_code == 302
    assert Experience.objects.get(pk=experience.pk).title == "Mon titre"


def test_versions_compare_the_facts_too(client, curator):
    experience = make_experience(state=State.WRITING)
    step = make_step(experience, year=1987, label="Création de l’association")
    client.force_login(curator)
    blocks = {
        "sources-TOTAL_FORMS": 1,
        "sources-INITIAL_FORMS": 1,
        "sources-0-id": step.source.pk,
        "sources-0-position": 1,
        "sources-0-title": step.source.title,
        "steps-TOTAL_FORMS": 1,
        "steps-INITIAL_FORMS": 1,
        "steps-0-id": step.pk,
        "steps-0-position": 1,
        "steps-0-source": step.source.pk,
        "steps-0-year": 1988,
        "steps-0-label": "Création de l’association",
    }
    assert client.post(change(experience), form(slug=experience.slug, **blocks)).status_code == 302
    newest, before = experience.history.all()[:2]
    difference = newest.diff_against(before)
    assert difference.changed_fields == ["facts_text"]
    assert "Étape : 1987, Création" in difference.changes[0].old
    assert "Étape : 1988, Création" in difference.changes[0].new


def test_an_old_version_is_read_and_not_put_back_past_the_states(client, curator):
    experience = make_experience(state=State.PUBLISHED)
    experience.save()
    published = experience.history.latest()
    experience.state = State.WRITING
    experience.save()
    client.force_login(curator)
    address = reverse("admin:experiences_experience_simple_history", args=[experience.pk, published.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(address, form(slug=experience.slug)).status_code == 403
    experience.refresh_from_db()
    assert experience.state == State.WRITING

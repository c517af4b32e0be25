"""The result of the positioning: what it says, from which answers, and what it gives to read."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from experiences.models import Experience, State
from jobs import queue
from jobs.models import FORGOTTEN, Mail
from limits.models import Counter
from roles import journeys, opening
from roles.models import DONT_KNOW, AnswerCount, Posture, Questionnaire, Role, RoleKey, VersionState
from tests.experiences.factories import make_experience

pytestmark = pytest.mark.django_db

SHORT = "cbc"
WHOLE = "cbcabbcbcd"
UNSURE = {"_": DONT_KNOW}


@pytest.fixture
def asked(opened):
    """The version that visitors are asked."""
    return opened


def journey(questionnaire, letters):
    """A journey answered with the keys of these letters, `_` for « ne sait pas »."""
    begun = journeys.begin(questionnaire)
    for question, letter in zip(begun.questions, letters, strict=False):
        begun = begun.answer(question, UNSURE.get(letter, letter))
    return begun


def address(name, answered, **query):
    return reverse(f"positioning:{name}", args=[answered.state], query=query)


def result(client, questionnaire, letters):
    return client.get(address("result", journey(questionnaire, letters)))


def text(response):
    words = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2])
    return re.sub(r"\s+", " ", words.replace("\u202f", " ").replace("\u00a0", " ")).replace("&#x27;", "'")


def test_three_questions_tell_a_posture_and_no_role(client, asked):
    page = result(client, asked, SHORT)
    assertContains(page, "<em>une posture facilitatrice</em></h1>")
    assertNotContains(page, "chart--radar")
    assert page.context["advice"].score.roles == ()
    assertContains(page, "ne suffisent pas à distinguer cinq rôles")
    assertContains(page, "Répondre aux questions sur les rôles")


def test_all_the_questions_tell_roles_as_a_figure_with_its_table(client, asked):
    page = result(client, asked, WHOLE)
    assertContains(page, "<em>une posture de coproduction</em>, un rôle de partenaire d’abord</h1>")
    (title,) = re.findall(
        r'role="img" aria-labelledby="radar-titre"><title id="radar-titre">([^<]+)</title>', page.content.decode()
    )
    percents = {role.key: measure.percent for role, measure in page.context["advice"].role_rows}
    for key in RoleKey:
        assert f"{key.label.lower()} {percents[key.value]}" in title
        assertContains(page, f'<td class="n">{percents[key.value]}</td>')
    (points,) = re.findall(r'class="radar" points="([^"]+)"', page.content.decode())
    assert re.fullmatch(r"(\d+,\d+ ?){5}", points)


def test_changing_one_answer_changes_the_explanation(client, asked):
    before = result(client, asked, WHOLE).context["advice"]
    after = result(client, asked, "cba" + WHOLE[3:]).context["advice"]
    weighed = [
        {
            (part.label, weight.given.question.key, weight.given.option.key)
            for part in advice.explained
            for weight in part.weights
        }
        for advice in (before, after)
    ]
    assert ("Partenaire", "q3", "c") in weighed[0]
    assert not any(question == "q3" and option == "c" for _, question, option in weighed[1])
    assert before.score.measure("coproduction").percent != after.score.measure("coproduction").percent


def test_the_explanation_says_the_direction_and_what_the_answer_changes(client, asked):
    answered = journey(asked, SHORT)
    page = client.get(address("result", answered))
    (part,) = page.context["advice"].explained
    measure = answered.score.measure("facilitatrice")
    assert part.measure.percent == measure.percent == 60
    for weight in part.weights:
        without = {key: value for key, value in answered.answers.items() if key != weight.given.question.key}
        share = journeys.Answers(asked, without).score.measure("facilitatrice").share
        assert weight.raises == (measure.share > share)
        assert weight.points == abs(round(100 * (measure.share - share)))
        assert weight.given.option.text in text(page)
    assert "− 40 points" in text(page)
    assert "+ 27 points" in text(page)


def test_answers_that_all_gave_the_most_are_listed_though_none_moves_the_share(client, asked):
    page = result(client, asked, "aab")
    (part,) = page.context["advice"].explained
    assert part.measure.percent == 100
    assert {weight.given.question.key for weight in part.weights} == {"q1", "q2", "q3"}
    assert "points sur 2 possibles" in text(page)


def test_what_weighed_for_comes_before_what_weighed_against(client, asked):
    for part in result(client, asked, WHOLE).context["advice"].explained:
        effects = [weight.contribution.effect for weight in part.weights]
        assert part.weights_for
        assert [effect < 0 for effect in effects] == sorted(effect < 0 for effect in effects)


def test_without_verdict_there_is_nothing_to_share_or_to_save(client, asked):
    page = client.get(address("keep", journey(asked, "___")))
    assertContains(page, "Votre lien privé")
    for offered in ("/positionnement/partage/", "ce résultat", "/enregistrer/"):
        assertNotContains(page, offered)


@pytest.mark.parametrize(
    ("letters", "named"),
    [
        ("abd", "<em>entre une posture dominante et une posture facilitatrice</em></h1>"),
        ("cbb", "<em>entre une posture dominante, une posture facilitatrice et une posture de coproduction</em></h1>"),
    ],
)
def test_postures_too_near_to_be_told_apart_are_all_named(client, asked, letters, named):
    assertContains(result(client, asked, letters), named)


@pytest.mark.parametrize("letters", ["___", "_" * 10])
def test_all_ne_sait_pas_gives_no_verdict(client, asked, letters):
    page = result(client, asked, letters)
    assertContains(page, "Pas de résultat")
    assert not page.context["advice"].score.has_verdict
    assertNotContains(page, "une posture")
    for offered in ("Garder ou partager", "Comment ce résultat est calculé"):
        assertNotContains(page, offered)
    assert ("les sept situations concrètes" in text(page)) == (len(letters) == 3)
    assertNotContains(page, "hbars")
    assertContains(page, "Les questions qui restent ouvertes")


def test_too_many_ne_sait_pas_say_that_the_result_is_not_reliable(client, asked):
    page = result(client, asked, "cbcabb____")
    assertContains(page, "pour conclure</h1>")
    assertContains(page, "à 4 questions sur 10")
    assertNotContains(page, "hbars")
    assertNotContains(page, "chart--radar")
    assertContains(result(client, asked, "cbcabbc___"), "Votre collectivité")


def test_a_result_in_the_middle_says_how_many_questions_are_left(client, asked):
    page = result(client, asked, "cbcab")
    assertContains(page, "Continuer avec 5 questions")
    assertContains(page, reverse("positioning:question", args=[page.context["journey"].state, 6]))


def test_a_result_that_is_not_there_yet_leads_to_the_question(client, asked):
    answered = journey(asked, "c")
    page = client.get(address("result", answered), follow=True)
    assertRedirects(page, reverse("positioning:question", args=[answered.state, 2], query={"reprise": "oui"}))


def test_the_agenda_and_the_things_to_do_come_from_the_roles_themselves(client, asked):
    page = result(client, asked, WHOLE)
    advice = page.context["advice"]
    sources = {role.agenda for role in advice.roles} | {role.agenda_missing for role in advice.roles}
    sources |= {posture.agenda for posture in advice.postures}
    assert len(advice.agenda) == 3
    assert set(advice.agenda) <= sources
    assert advice.agenda[0] == advice.leading_roles[0].agenda
    assert advice.agenda[1] == advice.blind_spots[0].agenda_missing
    assert [step.role for step in advice.steps] == advice.roles
    for step in advice.steps:
        assert step.text == (step.role.first_step if step.is_to_begin else step.role.next_step)
        assert step.basis in (step.role.interventions if step.is_to_begin else step.role.vigilance)
        assert step.text in text(page)


def test_the_opening_gives_each_role_and_posture_its_question(opened):
    assert all(role.agenda and role.agenda_missing for role in Role.objects.all())
    assert all(role.first_step and role.next_step for role in Role.objects.all())
    assert all(posture.agenda for posture in Posture.objects.all())
    Role.objects.filter(key="acteur").update(agenda="Réécrite ?")
    Posture.objects.update(agenda="")
    opening.load()
    assert Role.objects.get(key="acteur").agenda == "Réécrite ?"


class TestReadings:
    @pytest.fixture(autouse=True)
    def _content(self, content):
        self.version = Questionnaire.objects.current()

    def test_experiences_come_with_the_reason_why(self, client):
        page = result(client, self.version, WHOLE)
        readings, advice = page.context["readings"], page.context["advice"]
        assert len(readings) == 3
        assert len({reading.experience for reading in readings}) == 3
        held = {row.role_id for row in readings[0].experience.roles_held.all()}
        assert advice.leading_roles[0].key in held
        assert readings[0].reason.startswith("Vous ressemble")
        assert advice.blind_spots[0].key in {row.role_id for row in readings[1].experience.roles_held.all()}
        assert readings[1].reason.startswith("Vous complète")
        for reading in readings:
            assertContains(page, reading.experience.get_absolute_url())

    def test_three_questions_have_experiences_too(self, client):
        readings = result(client, self.version, SHORT).context["readings"]
        assert len(readings) == 3
        assert readings[0].experience.posture_id == "facilitatrice"

    def test_without_verdict_they_are_those_of_the_open_questions(self, client):
        page = result(client, self.version, "___")
        slugs = {question.experience_slug for question in self.version.short}
        assert {reading.experience.slug for reading in page.context["readings"]} == slugs

    def test_an_experience_that_is_no_longer_public_is_not_given(self, client):
        slug = self.version.short[0].experience_slug
        Experience.objects.filter(slug=slug).update(state=State.WRITING)
        answered = journey(self.version, "c")
        question = reverse("positioning:question", args=[answered.state, 1])
        assertContains(client.get(question), self.version.short[0].context[:20])
        assertNotContains(client.get(question), slug)
        feedback = client.get(reverse("positioning:feedback", args=[answered.state, 1]))
        assertNotContains(feedback, slug)
        assert slug not in {row.experience.slug for row in result(client, self.version, "___").context["readings"]}

    def test_the_first_question_leads_to_its_experience(self, client):
        question = client.get(reverse("positioning:question", args=[journey(self.version, "").state, 1]))
        assertContains(question, reverse("experiences:detail", args=["ere-43-chaleur-bois"]), count=1)

    def test_the_feedback_cites_the_experience_of_the_document(self, client):
        answered = journey(self.version, "c")
        feedback = client.get(reverse("positioning:feedback", args=[answered.state, 1]))
        assertContains(feedback, "L’expérience du document de départ")
        assertContains(feedback, reverse("experiences:detail", args=["ere-43-chaleur-bois"]))

    def test_each_figure_is_that_of_the_list_it_leads_to(self, client):
        pages = result(client, self.version, WHOLE).context["pages"]
        assert pages
        for page in pages:
            assert client.get(page.address).context["listing"].count == page.count
            assert page.reason

    def test_statements_do_not_grow_with_the_experiences(self, client, django_assert_max_num_queries):
        url = address("result", journey(self.version, WHOLE))
        client.get(url)
        with django_assert_max_num_queries(11) as counted:
            client.get(url)
        few = len(counted)
        for number in range(12):
            make_experience(slug=f"de-plus-{number}", state=State.PUBLISHED)
        client.get(url)
        with django_assert_max_num_queries(few):
            client.get(url)


class TestKeeping:
    def test_the_page_gives_the_private_link_and_a_link_to_share(self, client, asked, settings):
        answered = journey(asked, WHOLE)
        page = client.get(address("keep", answered))
        assertContains(page, f"{settings.SITE_URL}{answered.get_absolute_url()}")
        assertContains(page, "/positionnement/partage/")
        assertContains(page, "Se connecter pour l’enregistrer")

    def test_before_a_result_there_is_nothing_to_share(self, client, asked):
        page = client.get(address("keep", journey(asked, "c")))
        assertContains(page, "Continuer plus tard")
        assertNotContains(page, "/positionnement/partage/")

    def test_the_link_is_mailed_and_the_address_forgotten(self, client, asked, mailoutbox, settings):
        settings.IS_DEMONSTRATION = False
        answered = journey(asked, "c")
        response = client.post(address("keep", answered), {"email": "Elue@Mairie.fr"})
        assertRedirects(response, address("keep", answered, courriel="parti"))
        assertContains(client.get(response.url), "Le courriel part")
        queue.do_ready()
        (mail,) = mailoutbox
        assert mail.to == ["elue@mairie.fr"]
        assert f"{settings.SITE_URL}{answered.get_absolute_url()}" in mail.body
        kept = Mail.objects.get()
        assert (kept.to, kept.body) == (FORGOTTEN, "")

    @pytest.mark.parametrize(
        ("typed", "said"), [("", "Indiquez votre adresse"), ("mairie", "adresse électronique complète")]
    )
    def test_a_wrong_address_gets_a_sentence(self, client, asked, typed, said):
        response = client.post(address("keep", journey(asked, "c")), {"email": typed})
        assertContains(response, said, count=2)  # in the summary, and beside the field
        assertContains(response, "Votre lien privé")
        assert not Mail.objects.exists()

    def test_nobody_is_flooded(self, client, asked):
        url = address("keep", journey(asked, "c"))
        statuses = [client.post(url, {"email": "elue@mairie.fr"}).status_code for _ in range(6)]
        assert statuses == [302] * 5 + [429]
        assert Mail.objects.count() == 5

    def test_a_mailbox_is_one_whatever_its_labels_and_dots(self, client, asked):
        url = address("keep", journey(asked, "c"))
        spellings = [f"e.l{'.' * (at % 2)}ue+{at}@mairie.fr" for at in range(6)]
        assert [client.post(url, {"email": given}).status_code for given in spellings] == [302] * 5 + [429]

    def test_a_mailbox_receives_ten_mails_a_day(self, client, asked, monkeypatch):
        url = address("keep", journey(asked, "c"))
        noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
        statuses = []
        for hour in range(3):
            monkeypatch.setattr(timezone, "now", lambda hour=hour: noon + timedelta(hours=hour))
            statuses += [client.post(url, {"email": "elue@mairie.fr"}).status_code for _ in range(5)]
        assert statuses == [302] * 10 + [429] * 5

    def test_a_network_that_asks_too_much_does_not_use_what_a_mailbox_may_receive(self, client, asked):
        url = address("keep", journey(asked, "c"))
        for at in range(30):
            client.post(url, {"email": f"mairie{at}@mairie.fr"})
        before = Counter.objects.count()
        assert client.post(url, {"email": "elue@mairie.fr"}).status_code == 429
        assert Counter.objects.count() == before

    def test_a_form_of_another_site_is_refused(self, asked):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(address("keep", journey(asked, "c")), {"email": "a@mairie.fr"}).status_code == 403


class TestSharing:
    def test_the_shared_page_shows_the_result_and_nothing_that_changes_it(self, client, asked):
        answered = journey(asked, WHOLE)
        page = client.get(journeys.share(answered).get_absolute_url())
        assertContains(page, "Cette collectivité\u00a0: <em>une posture de coproduction</em>")
        for theirs in ("vous ressemble", "votre posture", "vos réponses", "vos rôles", "vos forces"):
            assert theirs not in text(page).lower()
        assertContains(page, "Vous pouvez le lire jusqu’au")
        assertContains(page, '<meta name="robots" content="noindex">')
        content = page.content.decode()
        assert answered.key not in content
        assert not re.search(r'href="/positionnement/(?!commencer|")[^"]+"', content)
        assert "no-store" in page["Cache-Control"]
        assert not AnswerCount.objects.exists()

    def test_it_expires(self, client, asked):
        ended = journeys.Shared(asked, journey(asked, WHOLE).answers, until=timezone.localdate() - timedelta(days=1))
        assertContains(client.get(ended.get_absolute_url()), "a expiré", status_code=410)
        last_day = journeys.Shared(asked, ended.answers, until=timezone.localdate())
        assert client.get(last_day.get_absolute_url()).status_code == 200

    def test_a_changed_link_says_what_to_do(self, client, asked):
        shared = journeys.share(journey(asked, WHOLE))
        other = journeys.Shared(asked, shared.answers, until=timezone.localdate() + timedelta(days=3000))
        forged = other.link.rsplit(".", 1)[0] + "." + shared.link.rsplit(".", 1)[1]
        for link in (shared.link[:-3], forged, journey(asked, WHOLE).state, "rien"):
            page = client.get(reverse("positioning:shared", args=[link]))
            assertContains(page, "Rien n’est perdu", status_code=404)

    def test_a_retired_version_stays_readable(self, client, asked):
        shared = journeys.share(journey(asked, WHOLE))
        Questionnaire.objects.update(state=VersionState.RETIRED)
        assert client.get(shared.get_absolute_url()).status_code == 200

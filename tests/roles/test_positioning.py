"""The journey through the questions, by links and a form alone: what an address holds, and what it refuses."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from config.middleware import BEFORE_SECRETS, SECRET_ARGUMENTS
from limits.models import Counter
from roles import answers, journeys
from roles.models import DONT_KNOW, AnswerCount, CountedAnswer, Questionnaire, VersionState
from tests.roles.factories import make_questionnaire

pytestmark = pytest.mark.django_db

START = reverse("positioning:start")
MANY = [[{"dominante": 2, "acteur": 1}, {"coproduction": 2, "financeur": 1}] for _ in range(5)]


@pytest.fixture
def version(opened):
    """Two questions, then three others."""
    Questionnaire.objects.update(state=VersionState.RETIRED)
    return make_questionnaire(MANY, short=2, state=VersionState.PUBLISHED)


def begin(client):
    return client.get(reverse("positioning:begin")).url


def journey_at(address):
    found = journeys.read(address.split("/")[2])
    assert found, address
    return found


def answer(client, question, given):
    """Send the form of a question; return the address of the feedback."""
    response = client.get(f"{question}reponse/", {"reponse": given})
    assert response.status_code == 302, response.content.decode()
    return response.url


def walk(client, given, address=None):
    """Answer one question after the other as the buttons lead; return the address after the last feedback."""
    address = address or begin(client)
    for option in given:
        context = client.get(answer(client, address, option)).context
        state, step = context["journey"].state, context["next_step"]
        address = f"/positionnement/{state}/{step}/" if step else f"/positionnement/{state}/resultat/"
    return address


def test_the_start_says_what_is_kept_and_leads_to_the_first_question(client, version):
    response = client.get(START)
    assertContains(response, "Ce que nous gardons")
    first = client.get(reverse("positioning:begin"), follow=True)
    assertContains(first, "Question 1 sur 2")
    assertContains(first, "La question numéro 1")
    assertContains(first, "Je ne sais pas")


def test_without_a_published_version_the_start_says_so(client):
    make_questionnaire(MANY)
    assertContains(client.get(START), "en cours de mise à jour")
    assertRedirects(client.get(reverse("positioning:begin")), START)


def test_two_journeys_have_two_addresses(client, version):
    assert begin(client) != begin(client)


def test_each_answer_is_followed_by_its_feedback(client, version):
    page = client.get(answer(client, begin(client), "b"))
    assertContains(page, "Votre réponse\u00a0: «\u00a0Réponse 1\u00a0»")
    assertContains(page, "Bien.")
    assertContains(
        client.get(answer(client, begin(client), DONT_KNOW)), "Vous avez répondu «\u00a0Je ne sais pas\u00a0»"
    )


def test_the_short_result_comes_first_then_the_other_questions(client, version):
    short = walk(client, "bb")
    assert short.endswith("/resultat/")
    page = client.get(short)
    assert page.context["journey"].step_to_go_on == 3
    following = f"/positionnement/{page.context['journey'].state}/3/"
    assertContains(page, following)
    assertContains(client.get(following), "Question 3 sur 5")
    assert walk(client, "bbb", following).endswith("/resultat/")


def test_going_back_and_forward_by_links_loses_nothing(client, version):
    third = walk(client, "ab")
    state = journey_at(third).state
    back = f"/positionnement/{state}/1/"
    assertContains(client.get(back), 'value="a" id="id_reponse_0" checked')
    changed = journey_at(answer(client, back, "b"))
    assert changed.answers == {"q1": "b", "q2": "b"}


def test_an_earlier_address_still_holds_what_it_held(client, version):
    first = begin(client)
    one, other = answer(client, first, "a"), answer(client, first, "b")
    assert journey_at(one).answers == {"q1": "a"}
    assert journey_at(other).answers == {"q1": "b"}
    assert client.get(one).status_code == client.get(other).status_code == 200


def test_a_step_replayed_gives_the_same_address(client, version):
    first = begin(client)
    assert answer(client, first, "a") == answer(client, first, "a")


def test_the_private_link_resumes_where_it_stopped(client, version):
    second = walk(client, "a")
    private = journey_at(second).get_absolute_url()
    assertRedirects(client.get(private), f"{second}?reprise=oui")
    assertContains(client.get(private, follow=True), "Vous reprenez à la question 2 sur 2")
    result = walk(client, "b", second)
    assertRedirects(client.get(journey_at(result).get_absolute_url()), result)
    going_on = walk(client, "a", f"/positionnement/{journey_at(result).state}/3/")
    assertRedirects(client.get(journey_at(going_on).get_absolute_url()), f"{going_on}?reprise=oui")


@pytest.mark.parametrize(
    ("given", "said"),
    [({}, "Choisissez une réponse, ou"), ({"reponse": ""}, "Choisissez"), ({"reponse": "z"}, "n’est pas proposée ici")],
)
def test_no_answer_or_an_unknown_one_gets_a_sentence(client, version, given, said):
    response = client.get(f"{begin(client)}reponse/", given)
    assertContains(response, said)
    assertContains(response, "<title>Erreur\u00a0: Question 1")
    assertContains(response, 'href="#id_reponse_0"')


def test_a_refused_answer_keeps_the_others(client, version):
    second = walk(client, "a")
    response = client.get(f"{second}reponse/")
    assert response.context["journey"].answers == {"q1": "a"}


@pytest.mark.parametrize("step", ["0/", "6/", "99/", "99/reponse/?reponse=a", "99/retour/", "2/retour/", "resultat/"])
def test_a_step_that_is_not_there_leads_back_to_the_question_that_waits(client, version, step):
    waiting = walk(client, "a")
    state = journey_at(waiting).state
    assertRedirects(client.get(f"/positionnement/{state}/{step}", follow=True), f"{waiting}?reprise=oui")


@pytest.mark.parametrize("change", ["cut", "letter", "other", "nonsense", "accent"])
def test_a_changed_address_gets_a_page_that_says_what_to_do(client, version, change):
    answered = journey_at(walk(client, "a"))
    state = answered.state
    changed = {
        "cut": state[:-5],
        "letter": state.replace(".a.", ".b."),
        "other": journeys.share(answered).link,
        "nonsense": "nulle-part",
        "accent": "é" * 40,
    }[change]
    for step in ("", "1/", "1/reponse/", "1/retour/", "resultat/", "garder/"):
        response = client.get(f"/positionnement/{changed}/{step}")
        assertContains(response, "Rien n’est perdu", status_code=404)


def test_a_version_retired_meanwhile_goes_on(client, version):
    second = walk(client, "a")
    Questionnaire.objects.filter(pk=version.pk).update(state=VersionState.RETIRED)
    make_questionnaire([[{}]], state=VersionState.PUBLISHED)
    result = client.get(walk(client, "b", second))
    assert result.context["journey"].questionnaire == version


def test_a_draft_that_changed_does_not_break_the_trial(client):
    draft = make_questionnaire(MANY, short=2)
    state = journeys.begin(Questionnaire.objects.whole().get(pk=draft.pk)).state
    feedback = answer(client, f"/positionnement/{state}/1/", "b")
    assertContains(client.get(feedback), "Aperçu, avant publication")
    draft.questions.first().options.all().delete()
    assertContains(client.get(feedback), "Rien n’est perdu", status_code=404)


def test_pages_of_a_journey_are_neither_kept_nor_indexed_and_set_no_cookie(client, version):
    first = begin(client)
    feedback = answer(client, first, "a")
    for address in (first, feedback, walk(client, "ab")):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "same-origin"
        assertContains(response, '<meta name="robots" content="noindex">')
        assert not response.cookies


def test_no_page_of_a_journey_prints_its_address(client, version):
    for address in (begin(client), walk(client, "ab")):
        assertNotContains(client.get(address), "Adresse de cette page")


def test_answers_are_counted_once_when_the_result_is_shown(client, version):
    result = walk(client, "ab")
    assert not AnswerCount.objects.exists()
    client.head(result)
    assert not AnswerCount.objects.exists()
    for _ in range(2):
        client.get(result)
    walk(client, "a", f"/positionnement/{journey_at(result).state}/1/")
    client.get(result)
    assert sorted(AnswerCount.objects.values_list("question__key", "option__key", "count")) == [
        ("q1", "a", 1),
        ("q2", "b", 1),
    ]
    client.get(walk(client, "aaa", f"/positionnement/{journey_at(result).state}/3/"))
    assert AnswerCount.objects.count() == CountedAnswer.objects.count() == 5


def test_a_network_address_cannot_inflate_the_counters(client, version):
    options = {option.key: option for option in version.questions.first().options.all()}
    for _ in range(305):
        journey = journeys.begin(Questionnaire.objects.current())
        state = journey.answer(journey.questions[0], "a").answer(journey.questions[1], "a").state
        assert client.get(f"/positionnement/{state}/resultat/").status_code == 200
    assert AnswerCount.objects.get(option=options["a"]).count == 300


def test_others_answers_are_shown_from_ten_up(client, version):
    for _ in range(9):
        client.get(walk(client, "ab"))
    feedback = answer(client, begin(client), "a")
    assertNotContains(client.get(feedback), "Ce que les autres ont répondu</h2>")
    client.get(walk(client, ["b", DONT_KNOW]))
    assertNotContains(client.get(feedback), "Ce que les autres ont répondu</h2>")
    answers.settle()
    page = client.get(feedback)
    assertContains(page, "Ce que les autres ont répondu</h2>")
    assertContains(page, "parts arrondies à 5\u202f% près")
    assert [(share.option and share.option.key, share.about) for share in page.context["spread"].shares] == [
        ("a", 90),
        ("b", 10),
        (None, 0),
    ]


def test_a_result_shown_again_does_not_use_what_a_town_hall_may_count(client, version):
    result = walk(client, "ab")
    client.get(result)
    before = list(Counter.objects.values_list("count"))
    client.get(result)
    assert list(Counter.objects.values_list("count")) == before == [(1,)]


def test_a_journey_begun_before_the_publication_is_not_counted(client, version):
    early = journeys.Journey(Questionnaire.objects.current(), {}, "clé", timezone.localdate() - timedelta(days=1))
    client.get(walk(client, "ab", f"/positionnement/{early.state}/1/"))
    assert not AnswerCount.objects.exists()


def test_a_journey_of_last_year_still_opens(client, version):
    journey = journeys.Journey(Questionnaire.objects.current(), {}, "clé", timezone.localdate() - timedelta(days=400))
    first = f"/positionnement/{journey.state}/1/"
    assert client.get(walk(client, "ab", first)).status_code == 200
    assert not AnswerCount.objects.exists()


def test_the_journal_does_not_hold_the_answers(client, version, caplog):
    with caplog.at_level("INFO", logger="portal.request"):
        client.get(walk(client, "ab"))
    paths = [record.fields["path"] for record in caplog.records]
    assert "/positionnement/<state>/resultat/" in paths
    assert "/positionnement/<state>/1/retour/" in paths


@pytest.mark.parametrize(
    "before",
    [
        "/positionnement/",
        "/positionnement/partage/",
        "/de//positionnement/",
        "/POSITIONNEMENT/",
        "/experiences/apercu/",
    ],
)
@pytest.mark.parametrize("after", ["", "/rien/", "/resultat", "/1/%FF/"])
def test_the_journal_does_not_hold_a_link_that_leads_nowhere(client, before, after, caplog):
    with caplog.at_level("INFO", logger="portal.request"):
        client.get(f"{before}1.cle.7399.ab.signature{after}")
        client.get(f"{before}1.cle.7399.ab.signature{after}", headers={"host": "ailleurs.exemple"})
    paths = [record.fields["path"] for record in caplog.records]
    assert len(paths) == 2
    assert not [path for path in paths if "signature" in path]


def test_the_journal_does_not_hold_a_link_asked_without_https(client, version, caplog, settings):
    settings.SECURE_SSL_REDIRECT = True
    with caplog.at_level("INFO", logger="portal.request"):
        assert Client().get(f"/positionnement/{journeys.begin(version).state}/").status_code == 301
    assert caplog.records[-1].fields["path"] == "/positionnement/<state>/"


def test_every_secret_argument_follows_words_that_the_journal_knows():
    for pattern in patterns(get_resolver()):
        before, _, argument = pattern.partition("<str:")
        if argument.split(">")[0] in SECRET_ARGUMENTS:
            assert BEFORE_SECRETS.search(f"/{before}"), pattern


def patterns(resolver, before=""):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from patterns(entry, before + str(entry.pattern))
        else:
            yield before + str(entry.pattern)


def test_statements_of_a_question_do_not_grow_with_the_questions(client, django_assert_num_queries):
    make_questionnaire([MANY[0]], short=1, state=VersionState.PUBLISHED)
    one = begin(client)
    Questionnaire.objects.update(state=VersionState.RETIRED)
    make_questionnaire(MANY * 2, short=3, state=VersionState.PUBLISHED)
    many = begin(client)
    for address in (one, many):
        with django_assert_num_queries(3):
            client.get(address)


def test_the_presentation_reached_from_a_journey_offers_to_take_it_up_again(client, version):
    second = walk(client, "a")
    journey = journey_at(second)
    assertContains(client.get(second), journey.start_url)
    page = client.get(journey.start_url)
    assertContains(page, "Reprendre à la question 2")
    assertContains(page, journey.get_absolute_url())
    result = journey_at(walk(client, "b", second))
    assertContains(client.get(result.start_url), "Revenir au résultat")
    assertContains(client.get(f"{journey.start_url[:-3]}"), "Rien n’est perdu", status_code=404)

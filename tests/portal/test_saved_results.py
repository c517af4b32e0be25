"""Results kept in an account: whose they are, and what they say later."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import actions
from portal.saved_results import MOST, put
from roles.models import DONT_KNOW, AnswerCount, Questionnaire, SavedResult, VersionState
from tests.portal.test_positioning import SHORT, WHOLE, address, journey
from tests.roles.factories import make_questionnaire

pytestmark = pytest.mark.django_db

LIST = reverse("positioning:saved_list")
COMPARE = reverse("positioning:compare")


@pytest.fixture
def mine(client, elected, opened):
    """The result of the official, who is signed in."""
    client.force_login(elected)
    return save(client, journey(opened, WHOLE), name="Conseil du 3 mars")


def save(client, answered, name=""):
    response = client.post(address("save", answered), {"name": name})
    assert response.status_code == 302, response.content.decode()
    return SavedResult.objects.first()


def test_a_result_is_saved_listed_read_and_deleted(client, mine, elected):
    assert (mine.owner, mine.name, mine.saved_on) == (elected, "Conseil du 3 mars", timezone.localdate())
    assertContains(client.get(LIST), "Conseil du 3 mars")
    page = client.get(reverse("positioning:saved", args=[mine.pk]))
    assertContains(page, "<em>une posture de coproduction</em>, un rôle de partenaire d’abord")
    deletion = reverse("positioning:delete_saved", args=[mine.pk])
    assertContains(client.get(deletion), "disparaîtra de votre compte")
    assertRedirects(client.post(deletion), LIST)
    assertNotContains(client.get(LIST, follow=True), "Conseil du 3 mars")
    assert not SavedResult.objects.exists()


def test_the_account_leads_to_them(client, elected):
    client.force_login(elected)
    assertContains(client.get(reverse("accounts:account")), LIST)
    assertContains(client.get(LIST), "Vous n’avez encore rien enregistré")


def test_saved_twice_the_same_day_it_is_there_once(client, mine, opened):
    response = client.post(address("save", journey(opened, WHOLE)), follow=True)
    assertContains(response, "était déjà enregistré")
    assert SavedResult.objects.count() == 1


def test_nothing_of_the_journey_is_kept_but_the_answers(mine):
    assert set(mine.answers) == {question.key for question in mine.questionnaire.questions.all()}
    assert {field.name for field in SavedResult._meta.fields} == {
        "id",
        "owner",
        "questionnaire",
        "answers",
        "name",
        "saved_on",
        "saved_at",
    }


@pytest.mark.parametrize("who", ["stranger", "adviser", "curator", "manager"])
def test_nobody_else_reads_compares_or_deletes_it(client, mine, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("positioning:saved", args=[mine.pk])).status_code == 404
    deletion = reverse("positioning:delete_saved", args=[mine.pk])
    assert client.get(deletion).status_code == client.post(deletion).status_code == 404
    assertNotContains(client.get(LIST), "Conseil du 3 mars")
    assertContains(client.get(COMPARE, {"avant": mine.pk, "apres": mine.pk}), "n’est pas dans votre compte")
    assert SavedResult.objects.filter(pk=mine.pk).exists()


def test_a_visitor_signs_in_first(client, mine, opened):
    client.logout()
    for name in (LIST, COMPARE, reverse("positioning:saved", args=[mine.pk])):
        assert client.get(name).url.startswith(reverse("accounts:sign_in"))
    assert client.post(address("save", journey(opened, SHORT))).status_code == 403
    assert SavedResult.objects.count() == 1


def test_a_result_that_is_not_there_yet_is_not_saved(client, elected, opened):
    client.force_login(elected)
    client.post(address("save", journey(opened, "c")))
    assert not SavedResult.objects.exists()


def test_a_name_too_long_gets_a_sentence(client, elected, opened):
    client.force_login(elected)
    response = client.post(address("save", journey(opened, SHORT)), {"name": "a" * 81})
    assertContains(response, "80 caractères au plus")
    assertContains(response, f'value="{"a" * 81}"')
    assert not SavedResult.objects.exists()


def test_there_is_an_end_to_what_one_keeps(client, mine, opened):
    SavedResult.objects.bulk_create(
        SavedResult(
            owner=mine.owner, questionnaire=opened, answers={"q1": "a"}, saved_on=f"2026-{1 + at // 28}-{1 + at % 28}"
        )
        for at in range(MOST - 1)
    )
    response = client.post(address("save", journey(opened, SHORT)), follow=True)
    assertContains(response, f"Vous avez déjà {MOST}")
    assert SavedResult.objects.count() == MOST


@pytest.mark.django_db(transaction=True)
def test_those_who_save_at_once_wait_for_each_other(elected, opened):
    SavedResult.objects.bulk_create(
        SavedResult(owner=elected, questionnaire=opened, answers={"q1": str(at)}) for at in range(MOST - 1)
    )

    def save_once(letters):
        try:
            return put(journey(opened, letters), owner=elected, name="")[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save_once, ["aaa", "bbb", "aab", "bba"])) == [False, False, False, True]
    assert SavedResult.objects.count() == MOST


def test_the_result_of_a_draft_is_not_saved(client, elected, opened):
    client.force_login(elected)
    draft = make_questionnaire([[{"dominante": 1}, {"coproduction": 1}]] * 3)
    tried = journey(Questionnaire.objects.whole().get(pk=draft.pk), "aaa")
    response = client.post(address("save", tried), follow=True)
    assertContains(response, "son résultat ne s’enregistre pas")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedResult.objects.create(owner=elected, questionnaire=draft, answers={"q1": "a"})
    assert not SavedResult.objects.exists()


def test_a_result_that_cannot_be_read_does_not_hide_the_others(client, mine, elected, opened):
    lost = SavedResult.objects.create(owner=elected, questionnaire=opened, answers={"q1": "perdue"}, name="Secret")
    assertContains(client.get(LIST), "Ce résultat ne peut plus être lu")
    assertContains(client.get(LIST), "Coproduction, Partenaire")
    assertContains(client.get(reverse("positioning:saved", args=[lost.pk]), follow=True), "ne peut plus être lu")
    assertContains(client.get(COMPARE, {"avant": lost.pk, "apres": mine.pk}), "ne peut plus être lu")
    assertContains(client.get(address("compare_present", journey(opened, SHORT), avec=lost.pk)), "ne peut plus être lu")
    client.post(reverse("positioning:delete_saved", args=[lost.pk]))
    assert SavedResult.objects.get() == mine


def test_what_its_owner_wrote_is_not_in_the_name_that_others_read(mine):
    assert "Conseil" not in str(mine)


def test_an_old_result_stays_readable_when_the_questionnaire_has_a_newer_version(client, mine):
    Questionnaire.objects.update(state=VersionState.RETIRED)
    make_questionnaire([[{"dominante": 1}]], state=VersionState.PUBLISHED)
    page = client.get(reverse("positioning:saved", args=[mine.pk]))
    assertContains(page, "remplacée depuis")
    assertContains(page, "<em>une posture de coproduction</em>")
    assertContains(client.get(LIST), "Coproduction, Partenaire")


def test_two_results_are_compared(client, mine, opened):
    other = save(client, journey(opened, "dbc" + WHOLE[3:]), name="Un an après")
    page = client.get(COMPARE, {"avant": mine.pk, "apres": other.pk})
    comparison = page.context["comparison"]
    for row in comparison.postures + comparison.roles:
        assert row.before == comparison.before.score.measure(row.key).percent
        assert row.change == row.after - row.before
    (difference,) = comparison.differences
    assert difference.after.startswith("Non : l’élu ouvre la voie")
    assertContains(page, "Conseil du 3 mars")
    assertContains(page, "−")


def test_a_saved_result_is_compared_with_the_present_one(client, mine, opened):
    present = journey(opened, SHORT)
    assertContains(client.get(address("result", present)), address("compare_present", present))
    page = client.get(address("compare_present", present, avec=mine.pk))
    assert page.context["comparison"].roles == []
    assertContains(page, "elles ne disent rien des rôles")
    assertContains(client.get(address("compare_present", present)), "Votre résultat enregistré")


def test_two_versions_are_compared_with_a_warning(client, mine):
    Questionnaire.objects.update(state=VersionState.RETIRED)
    newer = make_questionnaire([[{"dominante": 1}, {"coproduction": 1}]] * 3, short=1, state=VersionState.PUBLISHED)
    present = journey(Questionnaire.objects.whole().get(pk=newer.pk), ["a", "b", DONT_KNOW])
    page = client.get(address("compare_present", present, avec=mine.pk))
    assertContains(page, "deux versions du questionnaire")


@pytest.mark.parametrize("given", [{"avant": "", "apres": ""}, {"avant": "x", "apres": "9" * 30}])
def test_a_comparison_of_nothing_gets_a_sentence(client, mine, given):
    page = client.get(COMPARE, given)
    assertContains(page, "Choisissez")
    assert page.context["comparison"] is None


def test_what_is_missing_is_said_beside_its_field_and_in_the_summary_once_each(client, mine):
    page = client.get(COMPARE, {"avant": "", "apres": ""})
    for sentence in ("Choisissez le premier résultat.", "Choisissez le second résultat."):
        assertContains(page, sentence, count=2)
    bare = client.get(COMPARE)
    assertNotContains(bare, "Choisissez")
    assertNotContains(bare, "Erreur")


def test_they_go_with_the_account(mine, elected):
    actions.delete_account(elected)
    assert not SavedResult.objects.exists()


def test_statements_of_the_list_do_not_grow(client, mine, opened, django_assert_max_num_queries):
    save(client, journey(opened, SHORT))
    client.get(LIST)
    with django_assert_max_num_queries(15) as counted:
        client.get(LIST)
    one = len(counted)
    for letters in ("a" * 10, "b" * 10, "c" * 10, "d" * 10):
        save(client, journey(opened, letters))
    client.get(LIST)
    with django_assert_max_num_queries(one):
        client.get(LIST)


def test_without_a_name_a_result_says_what_it_is_and_when(client, elected, opened):
    client.force_login(elected)
    saved = save(client, journey(opened, WHOLE))
    SavedResult.objects.update(saved_at=datetime(2026, 11, 23, 16, 5, tzinfo=UTC))
    assertContains(client.get(LIST), "Coproduction, partenaire – 23 novembre 2026 à 17\u00a0h\u00a005")
    SavedResult.objects.update(saved_at=None, saved_on="2026-11-23")
    page = client.get(reverse("positioning:saved", args=[saved.pk]))
    assertContains(page, "Coproduction, partenaire – 23 novembre 2026</p>")


def test_the_older_comes_first_and_one_sentence_says_what_changed(client, mine, opened):
    other = save(client, journey(opened, "aab"))
    for given in ({"avant": mine.pk, "apres": other.pk}, {"avant": other.pk, "apres": mine.pk}):
        assertContains(client.get(COMPARE, given), "De coproduction et partenaire à dominante.")
    same = client.get(COMPARE, {"avant": mine.pk, "apres": mine.pk})
    assertContains(same, "deux fois le même résultat")
    assert same.context["comparison"] is None


def test_a_saved_result_can_be_shared_mailed_and_continued_without_being_counted_again(client, elected, opened):
    client.force_login(elected)
    saved = save(client, journey(opened, SHORT))
    page = client.get(reverse("positioning:saved", args=[saved.pk]))
    assertContains(page, "Continuer avec 7 questions")
    assertContains(page, address("keep", page.context["journey"]))
    client.get(address("result", page.context["journey"]))
    assert not AnswerCount.objects.exists()
    keep = client.get(address("keep", page.context["journey"]))
    assertContains(keep, "déjà dans votre compte")
    assertNotContains(keep, "Enregistrer ce résultat")

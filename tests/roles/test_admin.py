"""What curators do with a questionnaire: write it, try it, publish it, read how it was answered."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roles import actions, answers, exports, journeys, scoring, simulation
from roles.models import (
    DONT_KNOW,
    MOST_OPTIONS,
    AnswerCount,
    Option,
    Question,
    Questionnaire,
    SavedResult,
    VersionState,
)
from tests.roles.factories import make_questionnaire

pytestmark = pytest.mark.django_db

ADD = reverse("admin:roles_questionnaire_add")
PAGES = ["trial", "answers", "answers_csv"]
ACTS = ["copy", "publish", "retire"]
POSTURES = [{"dominante": 1}, {"facilitatrice": 1}, {"coproduction": 1}]
ROLES = [{"financeur": 1}, {"partenaire": 1}, {"initiateur": 1}, {"acteur": 1}, {"regulateur": 1}]
FAIR = [POSTURES, ROLES]


def page(name, row):
    return reverse(f"admin:roles_{row._meta.model_name}_{name}", args=[row.pk])


def typed(response):
    """What a browser would send back of a form of the admin."""
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = {bound.html_name: bound.value() for form in forms for bound in form}
    return {
        name: {True: "on", False: ""}.get(value, value) if isinstance(value, bool) else value
        for name, value in fields.items()
        if value is not None
    }


@pytest.fixture
def curator(client, curator):
    client.force_login(curator)
    return curator


def test_a_curator_writes_a_questionnaire_whole(client, curator):
    data = typed(client.get(ADD)) | {"title": "Seconde version", "questions-TOTAL_FORMS": 1}
    data |= {"questions-0-key": "q1", "questions-0-text": "Qui commence ?", "questions-0-is_short": "on"}
    response = client.post(ADD, data)
    assert response.status_code == 302, response.context["errors"]
    version = Questionnaire.objects.get()
    assert (version.number, version.state, version.created_by) == (1, VersionState.DRAFT, curator)
    question = version.questions.get()
    assert question.position == 1
    data = typed(client.get(page("change", question))) | {"options-TOTAL_FORMS": 2}
    for at, key in enumerate("ab"):
        points = {"dominante": at, "facilitatrice": 0, "coproduction": 2, **dict.fromkeys(scoring.ROLES, 1)}
        data |= {f"options-{at}-{name}": value for name, value in points.items()}
        data |= {f"options-{at}-key": key, f"options-{at}-text": f"Nous {key}", f"options-{at}-feedback": "Bien."}
    assert client.post(page("change", question), data).status_code == 302
    options = list(question.options.all())
    assert [(option.key, option.position, option.dominante) for option in options] == [("a", 1, 0), ("b", 2, 1)]
    written = client.get(page("change", version)).content.decode()
    assert "Réponses, contexte et aide</a> (2 réponses)" in written
    assert [record.history_user for record in options[0].history.all()] == [curator]


def test_points_out_of_range_and_a_key_taken_are_told_beside_what_was_typed(client, curator):
    question = make_questionnaire([POSTURES]).questions.get()
    data = typed(client.get(page("change", question)))
    refused = client.post(page("change", question), data | {"options-0-dominante": "9", "options-1-key": "a"})
    assert refused.status_code == 200
    text = refused.content.decode()
    assert "inférieure ou égale à 5" in text
    assert 'value="9"' in text
    assert question.options.get(key="a").dominante == 1


def test_a_version_changed_meanwhile_is_not_overwritten_unknowingly(client, curator):
    version = make_questionnaire(FAIR)
    opened = {row: typed(client.get(page("change", row))) for row in (version, version.questions.first())}
    option = version.questions.last().options.first()
    option.feedback = "Le retour d’une collègue"
    option.save()
    for row, data in opened.items():
        field = "title" if row == version else "text"  # the second was opened before both changes
        refused = client.post(page("change", row), data | {field: "Le mien"})
        text = refused.content.decode()
        assert "Quelqu’un a modifié cette version" in text
        assert "Le mien" in text
        assert client.post(page("change", row), typed(refused)).status_code == 302
        row.refresh_from_db()
        assert getattr(row, field) == "Le mien"


def test_a_draft_is_deleted_with_its_questions(client, curator):
    draft = make_questionnaire(FAIR)
    assert client.get(page("delete", draft)).status_code == 200
    client.post(page("delete", draft), {"post": "yes"})
    assert not Questionnaire.objects.exists()
    assert not Option.objects.exists()


@pytest.mark.parametrize("state", [VersionState.PUBLISHED, VersionState.RETIRED])
def test_a_version_that_served_is_read_and_copied(client, curator, state):
    version = make_questionnaire(FAIR, state=state, title="Telle quelle")
    question = version.questions.first()
    for row in (version, question, question.options.first()):
        shown = client.get(page("change", row))
        assert shown.status_code == 200
        assert 'name="_save"' not in shown.content.decode()
        sent = client.post(page("change", row), {"title": "Autre", "text": "Autre"}, follow=True)
        assert "Rien n’est enregistré. Cette version a été publiée" in sent.content.decode()
        assert client.post(page("delete", row), {"post": "yes"}).status_code == 403
    assert "Cette version a été publiée" in client.get(page("change", version)).content.decode()
    client.post(page("copy", version))
    draft = Questionnaire.objects.get(state=VersionState.DRAFT)
    assert (draft.title, draft.number, draft.created_by) == ("Telle quelle", version.number + 1, curator)
    assert scoring.grid(Questionnaire.objects.whole().get(pk=draft.pk)) == scoring.grid(version)
    assert 'name="_save"' in client.get(page("change", draft)).content.decode()


def test_a_copy_keeps_all_that_curators_write(curator):
    version = make_questionnaire(FAIR, intro="Avant", explanation="Comment", source="D’où", margin=7, unsure_one_in=4)
    version.questions.update(
        context="Contexte", help="Aide", origin="document-de-depart", experience_slug="figeacteurs"
    )
    copy = actions.copy(version, by=curator)
    own = {
        "id",
        "number",
        "state",
        "created_at",
        "created_by",
        "published_at",
        "published_by",
        "questionnaire",
        "question",
    }

    def told(row):
        return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in own}

    for model, path in ((Questionnaire, "pk"), (Question, "questionnaire"), (Option, "question__questionnaire")):
        mine, theirs = (model.objects.filter(**{path: one.pk}).order_by("pk") for one in (copy, version))
        assert [told(row) for row in mine] == [told(row) for row in theirs]
    assert Option.history.filter(question__questionnaire=copy, history_user=curator).count() == 8


def publish(client, version):
    seen = {"seen": actions.last_change(version)}
    return client.post(page("publish", version), seen, follow=True)


def test_what_changed_since_it_was_read_is_not_published(client, curator):
    draft = make_questionnaire(FAIR)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', client.get(page("trial", draft)).content.decode())
    question = draft.questions.first()
    question.text = "Une autre question ?"
    question.save()
    for given in ({"seen": seen}, {}):
        response = client.post(page("publish", draft), given, follow=True)
        assert "a changé depuis que vous l’avez lue" in response.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft
    publish(client, draft)
    draft.refresh_from_db()
    assert not draft.is_draft


def test_a_link_of_a_draft_ends_when_it_changes_or_is_published(client, curator):
    draft = make_questionnaire(FAIR)
    tried = journeys.begin(Questionnaire.objects.whole().get(pk=draft.pk))
    shared = journeys.share(tried)
    assert "Aperçu, avant publication" in Client().get(shared.get_absolute_url()).content.decode()
    assert journeys.read(tried.state) and journeys.read_shared(shared.link)
    publish(client, draft)
    assert journeys.read(tried.state) is None
    assert journeys.read_shared(shared.link) is None


def test_the_number_of_a_draft_that_was_deleted_serves_no_more(curator):
    draft = make_questionnaire(FAIR)
    draft.delete()
    assert actions.next_number() == draft.number + 1


def test_publishing_replaces_the_current_version(client, curator):
    before = make_questionnaire(FAIR, state=VersionState.PUBLISHED)
    draft = make_questionnaire(FAIR)
    assert "rien n’empêche de publier" in client.get(page("trial", draft)).content.decode()
    publish(client, draft)
    before.refresh_from_db()
    draft.refresh_from_db()
    assert (before.state, draft.state) == (VersionState.RETIRED, VersionState.PUBLISHED)
    assert draft.published_by == curator
    assert draft.published_at
    assert before.history.first().history_change_reason == f"Remplacée par la version {draft.number}"
    assert "est déjà publiée" in publish(client, draft).content.decode()
    client.post(page("retire", draft))
    assert Questionnaire.objects.current() is None
    publish(client, before)
    assert Questionnaire.objects.current() == before


def test_a_draft_is_played_as_visitors_would_and_counts_nothing(client, curator, opened):
    draft = make_questionnaire(FAIR)
    link = re.search(r'href="(/positionnement/[^"]+)"', client.get(page("trial", draft)).content.decode())
    assert link
    visitor = Client()
    first = visitor.get(link[1], follow=True)
    assert "La question numéro 1" in first.content.decode()
    address = first.redirect_chain[-1][0].partition("?")[0]
    told = visitor.get(f"{address}reponse/", {"reponse": "b"}, follow=True)
    result = told.redirect_chain[-1][0].removesuffix("1/retour/") + "resultat/"
    shown = visitor.get(result)
    assert shown.status_code == 200
    assert "facilitatrice" in shown.content.decode()
    assert not AnswerCount.objects.exists()
    assert "comme un visiteur" not in client.get(page("trial", opened)).content.decode()


UNFAIR = [
    ([], ["Aucune question n’est dans le questionnaire court."]),
    ([POSTURES], ["Aucune question ne suit le questionnaire court"]),
    ([POSTURES * 7, ROLES], ["La question q1 a plus de 20 réponses."]),
    ([POSTURES, ROLES[:1]], ["La question q2 a moins de deux réponses."]),
    (
        [POSTURES[:2], ROLES],
        [
            "La posture « coproduction » ne peut pas l’emporter au questionnaire court : aucune réponse ne lui donne",
            "La posture « coproduction » ne peut pas l’emporter au questionnaire complet",
        ],
    ),
    (
        [POSTURES, [*ROLES[:4], {"regulateur": 1, "acteur": 1}]],
        [
            "Le rôle « régulateur » ne peut pas l’emporter au questionnaire complet : "
            "au mieux 100 %, quand « acteur » est à 100 %."
        ],
    ),
]


@pytest.mark.parametrize(("questions", "expected"), UNFAIR)
def test_what_cannot_win_is_named_with_the_reason_and_keeps_from_publishing(client, curator, questions, expected):
    draft = make_questionnaire(questions)
    publish(client, draft)
    draft.refresh_from_db()
    assert draft.is_draft
    text = client.get(page("trial", draft)).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    for sentence in expected:
        assert sentence in text
    assert "Publier cette version" not in text


def test_short_questions_come_first(client, curator):
    draft = make_questionnaire(FAIR)
    draft.questions.filter(key="q1").update(position=9)
    assert "viennent en premier" in client.get(page("trial", draft)).content.decode()


def test_the_simulation_tells_every_way_of_answering(client, curator, opened):
    text = client.get(page("trial", opened)).content.decode()
    assert text.count('<table aria-labelledby="table-') == 3
    assert "Toutes les façons de répondre\u00a0: 1\u202f048\u202f576" in text
    assert "échantillon" not in text


def test_the_answers_appear_from_ten_up(client, curator):
    version = make_questionnaire(FAIR, state=VersionState.PUBLISHED)
    first, second = version.questions.all()
    month = timezone.localdate().replace(day=1)
    AnswerCount.objects.create(question=first, option=first.options.get(key="a"), month=month, count=7)
    AnswerCount.objects.create(question=first, option=None, month=month, count=3)
    AnswerCount.objects.create(question=second, option=second.options.get(key="a"), month=month, count=9)
    text = client.get(page("answers", version)).content.decode()
    assert "<td>7</td><td>70\u202f%</td>" in text
    assert text.count("Moins de 10 réponses.") == 1
    response = client.get(page("answers_csv", version))
    assert response["Content-Disposition"] == f'attachment; filename="reponses-version-{version.number}.csv"'
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("version;question;")
    assert lines[1] == f"{version.number};q1;La question numéro 1 ?;a;Réponse 0;7;70"
    assert lines[-1] == f"{version.number};q1;La question numéro 1 ?;;Ne sait pas;3;30"
    assert not [line for line in lines if ";q2;" in line]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_the_table_is_a_formula(client, curator, start):
    version = make_questionnaire(FAIR)
    question = version.questions.first()
    question.options.update(text=f'{start}HYPERLINK("http://ailleurs.exemple";"Ici")')
    AnswerCount.objects.create(question=question, option=None, month=timezone.localdate().replace(day=1), count=10)
    content = client.get(page("answers_csv", version)).content
    assert content.startswith(b"\xef\xbb\xbf")
    assert f";\"'{start}HYPERLINK(" in content.decode()


@pytest.mark.parametrize("given", ["ok,=1+1", "ok;@A1", "ok\n=1", " =1", 'ok"=1'])
def test_no_part_of_a_cell_is_a_formula_for_another_separator(given):
    assert not re.search(r'(^|[;,"\n])\s*[=@]', exports.table([[given]]).removeprefix(exports.BOM))


@pytest.mark.parametrize("who", ["visitor", "stranger", "elected", "adviser", "manager"])
def test_the_others_see_and_do_nothing(request, who):
    draft = make_questionnaire(FAIR)
    client = Client()
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    for name in PAGES:
        assert client.get(page(name, draft)).status_code in {302, 403}
    for name in ACTS:
        assert client.post(page(name, draft)).status_code in {302, 403}
    for row in (draft, draft.questions.first()):
        assert client.get(page("change", row)).status_code in {302, 403}
        assert client.post(page("change", row), {"title": "Autre"}).status_code in {302, 403}
    assert Questionnaire.objects.get().is_draft


def test_acts_are_posted_and_pages_are_read(client, curator):
    draft = make_questionnaire(FAIR)
    assert [client.get(page(name, draft)).status_code for name in ACTS] == [405] * 3
    assert [client.post(page(name, draft)).status_code for name in PAGES] == [405] * 3
    nowhere = reverse("admin:roles_questionnaire_trial", args=[999_999])
    assert client.get(nowhere).status_code == 404


def test_an_old_version_is_not_put_back_from_the_history(client, curator):
    version = make_questionnaire(FAIR)
    record = version.history.first()
    actions.publish(version, by=curator, seen=actions.last_change(version))
    address = reverse("admin:roles_questionnaire_simple_history", args=[version.pk, record.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"title": "Autre", "margin": 10, "unsure_one_in": 3}).status_code == 403
    version.refresh_from_db()
    assert version.state == VersionState.PUBLISHED
    told = client.get(reverse("admin:roles_questionnaire_history", args=[version.pk])).content.decode()
    assert "Publiée" in told


def test_pages_take_as_many_statements_for_many_questions(client, curator, django_assert_max_num_queries):
    small, large = make_questionnaire(FAIR), make_questionnaire([POSTURES, *[ROLES] * 6])
    for name in ("change", "trial", "answers"):
        counts = []
        for version in (small, large):
            with django_assert_max_num_queries(40) as captured:
                client.get(page(name, version))
            counts.append(len(captured))
        assert counts[0] == counts[1], name


def test_dont_know_is_not_an_answer_that_one_writes(client, curator):
    question = make_questionnaire([POSTURES]).questions.get()
    data = typed(client.get(page("change", question)))
    refused = client.post(page("change", question), data | {"options-0-key": DONT_KNOW})
    assert "est déjà proposée partout" in refused.content.decode()


def test_a_sample_says_so_and_finds_who_can_win(opened, monkeypatch):
    grid = scoring.grid(opened)
    exact = simulation.distribution(grid, scoring.ROLES)
    monkeypatch.setattr(simulation, "MOST_TOTALS", 100)
    sample = simulation.distribution(grid, scoring.ROLES)
    assert (exact.is_sample, sample.is_sample) == (False, True)
    assert (sample.tried, sample.ways) == (simulation.SAMPLE, 4**10)
    assert sample.totals == simulation.distribution(grid, scoring.ROLES).totals
    assert exact.losers == sample.losers == ()
    for verdict, times in exact.verdicts.items():
        assert abs(times / exact.tried - sample.verdicts.get(verdict, 0) / sample.tried) < 0.02


def test_the_simulation_scores_as_visitors_are_scored():
    """A small questionnaire, each way of answering it scored one by one."""
    version = make_questionnaire([POSTURES, ROLES, [{"dominante": 2, "acteur": 1}, {"financeur": 2}]])
    grid = scoring.grid(Questionnaire.objects.whole().get(pk=version.pk))
    expected: dict[tuple[str, ...], int] = {}
    for a in "abc":
        for b in "abcde":
            for c in "ab":
                found = scoring.score(grid, {"q1": a, "q2": b, "q3": c}).leading_roles
                key = tuple(role for role in scoring.ROLES if role in found)
                expected[key] = expected.get(key, 0) + 1
    assert simulation.distribution(grid, scoring.ROLES).verdicts == expected


def test_counting_is_what_the_page_shows(client, curator, opened):
    given = {question.key: "a" for question in opened.questions.all()}
    for number in range(answers.SHOWN_FROM):
        answers.count_once(opened, given, journey=f"hasard-{number}", began_on=timezone.localdate())
    text = client.get(page("answers", opened)).content.decode()
    assert text.count("<td>10</td><td>100\u202f%</td>") == 10


def test_more_answers_than_an_address_has_letters_for_are_refused_at_once(client, curator):
    question = make_questionnaire([POSTURES]).questions.get()
    data = typed(client.get(page("change", question))) | {"options-TOTAL_FORMS": MOST_OPTIONS + 1}
    points = dict.fromkeys([*scoring.POSTURES, *scoring.ROLES], 1)
    for at in range(len(POSTURES), MOST_OPTIONS + 1):
        row = {"key": f"r{at}", "text": f"Nous {at}", "feedback": "Bien.", "question": question.pk, **points}
        data |= {f"options-{at}-{name}": value for name, value in row.items()}
    refused = client.post(page("change", question), data)
    assert "Une question a 20 réponses au plus." in refused.content.decode()
    assert f"Nous {MOST_OPTIONS}" in refused.content.decode()
    assert question.options.count() == len(POSTURES)
    data |= {"options-TOTAL_FORMS": MOST_OPTIONS}
    assert client.post(page("change", question), data).status_code == 302
    assert question.options.count() == MOST_OPTIONS


@pytest.fixture
def kept_draft(elected):
    """A draft whose result was saved before the database refused it."""
    draft = make_questionnaire(FAIR)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE roles_savedresult DISABLE TRIGGER roles_savedresult_of_served_version")
        SavedResult.objects.create(owner=elected, questionnaire=draft, answers={"q1": "a"})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE roles_savedresult ENABLE TRIGGER roles_savedresult_of_served_version")
    return draft


def test_a_draft_of_which_somebody_keeps_a_result_stays_and_says_why(client, curator, kept_draft):
    for answer in (client.get(page("delete", kept_draft)), client.post(page("delete", kept_draft), {"post": "yes"})):
        assert answer.url == page("change", kept_draft)
    assert "une personne garde dans son compte un résultat" in client.get(answer.url).content.decode()
    assert Questionnaire.objects.get() == kept_draft
    assert SavedResult.objects.count() == 1

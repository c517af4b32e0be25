import re
from html import unescape

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from experiences import opening
from experiences.models import Difficulty, Experience, Result, State
from tests.experiences.factories import make_experience, make_role_held, make_source, make_step
from typography.french import typo

RECORDS = {record["slug"]: record for record in opening.records()}


def get(client, slug):
    return client.get(reverse("experiences:detail", args=[slug]))


def text_of(response):
    return unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_only_public_states_are_readable(client, state):
    experience = make_experience(state=state, refusal_reason="Hors sujet")
    expected = 200 if state in {State.PUBLISHED, State.TO_REVISE, State.ARCHIVED} else 404
    assert get(client, experience.slug).status_code == expected


@pytest.mark.django_db
def test_an_unknown_address_is_a_404_with_a_search(client):
    response = get(client, "nulle-part")
    assertContains(response, 'action="/experiences/"', status_code=404)


@pytest.mark.django_db
def test_states_speak_by_a_banner(client):
    assertContains(get(client, make_experience(state=State.ARCHIVED).slug), "Fiche archivée")
    assertContains(
        get(client, make_experience(state=State.TO_REVISE, revision_reason="Un lecteur signale une erreur.").slug),
        "Un lecteur signale une erreur.",
    )
    published = get(client, make_experience().slug)
    assertNotContains(published, "Fiche à réviser")
    assertContains(published, "Pas encore relue depuis l’ouverture")


@pytest.mark.django_db
def test_a_bare_sheet_has_no_empty_block(client):
    response = get(client, make_experience().slug)
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'<h2[^>]* id="([\w-]+)"', main) == ["fiche", "sommaire"]


@pytest.mark.django_db
def test_facts_to_be_checked_stay_out(client):
    experience = make_experience()
    source = make_source(experience)
    make_step(experience, year=2001, label="Une étape que rien n’appuie", is_to_check=True)
    make_role_held(experience, how="un rôle que rien n’appuie", is_to_check=True)
    Result.objects.create(
        experience=experience, source=source, position=1, label="chiffre douteux", value=3, is_to_check=True
    )
    Difficulty.objects.create(
        experience=experience, source=source, position=1, text="Un conflit rapporté", is_to_check=True
    )
    page = text_of(get(client, experience.slug))
    for words in ("que rien n’appuie", "chiffre douteux", "Un conflit rapporté"):
        assert words not in page


@pytest.mark.django_db
def test_a_copy_is_named_and_never_linked(client):
    experience = make_experience()
    make_source(experience, title="Une copie", url="https://miroir.example/copie", is_link=False)
    make_source(experience, title="", url="https://www.journal.example/article")
    page = get(client, experience.slug).content.decode()
    assert "Une copie" in page
    assert "miroir.example" not in page
    assert '<a href="https://www.journal.example/article" rel="external noopener">journal.example</a>' in page


@pytest.mark.django_db
def test_the_number_of_queries_is_that_of_the_blocks(client, django_assert_max_num_queries, content):
    for slug in ("groupe-archer-pole-sud-romans", "lons-le-saunier-restauration-municipale"):
        with django_assert_max_num_queries(15):
            get(client, slug)


@pytest.mark.usefixtures("content")
def test_every_sheet_shows_all_that_its_record_says_and_numbers_its_sources(client):
    for slug, record in RECORDS.items():
        _check_sheet(get(client, slug), slug, record)


def _check_sheet(response, slug, record):
    page = text_of(response)
    told = [
        record["title"],
        record["summary"],
        record["organisation"],
        record["governance"],
        record["economic_model"],
        *(step["label"] for step in record["timeline"] if not step.get("a-verifier")),
        *(role["how"] for role in record["roles"] if not role.get("a-verifier")),
        *(result["label"] for result in record["results"] if not result.get("a-verifier")),
        *(difficulty["text"] for difficulty in record["difficulties"] if not difficulty.get("a-verifier")),
        *record["first_steps"],
        *(source["title"] for source in record["sources"]),
    ]
    missing = [text for text in told if typo(text) not in page]
    assert missing == [], slug
    html = response.content.decode()
    cited = set(re.findall(r'class="ref" href="#(source-\d+)"', html))
    listed = set(re.findall(r'<li id="(source-\d+)"', html))
    assert cited <= listed
    assert len(listed) == Experience.objects.get(slug=slug).sources.count()
    for source in record["sources"]:
        assert not (source["url"] and not source["link_ok"] and f'href="{source["url"]}"' in unescape(html))


@pytest.mark.usefixtures("content")
def test_a_result_without_year_says_so(client):
    record = RECORDS["groupe-archer-pole-sud-romans"]
    undated = sum(result["year"] is None for result in record["results"])
    assert text_of(get(client, record["slug"])).count("date non précisée") == undated > 0

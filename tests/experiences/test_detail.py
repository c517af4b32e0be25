import re
from html import unescape

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from experiences import opening
from experiences.models import Difficulty, Experience, Quote, Result, State
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


@pytest.mark.usefixtures("content")
def test_every_source_leads_back_to_where_it_is_cited_and_no_identifier_is_used_twice(client):
    for slug in RECORDS:
        html = get(client, slug).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), slug
        cited = set(re.findall(r'class="ref" href="#source-(\d+)"', html))
        back = re.findall(r'class="back" href="#renvoi-(\d+)"', html)
        assert sorted(back) == sorted(cited), slug
        assert {f"renvoi-{number}" for number in cited} <= set(ids), slug


@pytest.mark.django_db
def test_a_source_leads_back_to_what_is_in_sight_rather_than_into_the_folded_table(client):
    experience = make_experience()
    source = make_source(experience)
    make_role_held(experience, from_year=2001, source=source)
    make_step(experience, year=2001, source=source)
    table, steps = get(client, experience.slug).content.decode().split('id="etapes"')
    assert 'id="renvoi-1"' in steps
    assert 'id="renvoi-1"' not in table
    assert "Revenir au texte, source 1" in steps


@pytest.mark.django_db
def test_a_source_that_nothing_cites_has_no_way_back(client):
    experience = make_experience()
    make_source(experience)
    assertNotContains(get(client, experience.slug), "Revenir au texte")


@pytest.mark.django_db
def test_an_address_that_is_not_to_be_followed_says_why(client):
    experience = make_experience()
    make_source(experience, title="Lue", url="https://miroir.example/1", is_link=False, was_consulted=True)
    make_source(experience, title="Trouvée", url="https://miroir.example/2", is_link=False)
    make_source(experience, title="Sur papier", publisher="Le journal")
    listed = text_of(get(client, experience.slug)).partition("Sources\n")[2]
    assert "Lue (copie consultée, sans lien)" in listed
    assert "Trouvée (copie, sans lien)" in listed
    assert listed.count("sans lien") == 2


@pytest.mark.django_db
def test_a_quotation_is_between_guillemets_and_says_where_it_was_read(client):
    experience = make_experience()
    source = make_source(experience, publisher="Le journal", year=2017)
    Quote.objects.create(experience=experience, position=1, text="Il faut être de quelque part", source=source)
    page = get(client, experience.slug).content.decode()
    quote = unescape(re.sub(r"<[^>]+>", "", page.partition('<figure class="quote">')[2].partition("</figure>")[0]))
    assert quote.strip() == "«\u00a0Il faut être de quelque part\u00a0»Le journal, 2017 Source 1"


@pytest.mark.django_db
def test_a_step_shows_the_roles_that_begin_in_its_year(client):
    experience = make_experience()
    make_role_held(experience, "initiateur", from_year=1992)
    make_role_held(experience, "acteur", from_year=2001)
    make_role_held(experience, "acteur", from_year=2001, holder="L’agglomération")
    make_role_held(experience, "regulateur", from_year=2010)
    make_role_held(experience, "partenaire", from_year=1992, is_to_check=True)
    for year in (1992, 1999, 2001, 2010, 2010):
        make_step(experience, year=year)
    told = [(step.year, [role.pk for role in roles]) for step, roles in _sheet(experience).steps_with_roles]
    assert told == [(1992, ["initiateur"]), (1999, []), (2001, ["acteur"]), (2010, []), (2010, [])]
    steps = text_of(get(client, experience.slug)).partition("Étape par étape")[2]
    assert "En 1992\u00a0:" in steps
    assert "En 1999" not in steps


def _sheet(experience):
    return Experience.objects.for_sheet().get(pk=experience.pk)

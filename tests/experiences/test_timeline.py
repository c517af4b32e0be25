"""The experiences over the years."""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from experiences.listing import LINES
from experiences.models import Experience, ProjectStatus
from tests.experiences.factories import make_experience

URL = reverse("experiences:list")


def shown(client, **asked):
    return client.get(URL, {"vue": "frise", **asked}).context


def lines(context):
    return [line for group in context["groups"] for line in group.lines]


@pytest.mark.usefixtures("content")
class TestOnTheOpeningContent:
    def test_each_bar_counts_the_starts_of_its_decade_and_leads_to_them(self, client):
        decades = shown(client)["decades"]
        years = Experience.objects.listed().values_list("started_year", flat=True)
        counted = Counter(year // 10 * 10 for year in years if year)
        for decade in decades:
            asked = [int(year) for year in parameters(decade.address).get("decennie", [])]
            assert decade.count == sum(counted[year] for year in asked)
            assert client.get(decade.address).context["listing"].count == decade.count
        assert sum(decade.count for decade in decades) == sum(counted.values())
        assert max(decade.percent for decade in decades) == 100

    def test_the_bars_follow_the_other_filters_and_the_chosen_one_is_removed_by_its_link(self, client):
        whole = shown(client, theme="energie")["decades"]
        chosen = shown(client, theme="energie", decennie="2010")["decades"]
        assert [decade.count for decade in chosen] == [decade.count for decade in whole]
        [bar] = [decade for decade in chosen if decade.is_chosen]
        assert bar.label == "Années 2010"
        assert bar.address == f"{URL}?theme=energie&vue=frise"

    def test_every_experience_has_one_line_in_the_order_of_the_starts(self, client):
        pages = [lines(shown(client, page=number)) for number in (1, 2, 3)]
        slugs = [line.card["slug"] for page in pages for line in page]
        assert len(pages[0]) == LINES
        assert sorted(slugs) == sorted(Experience.objects.listed().values_list("slug", flat=True))
        years = [line.card["start"] or 9999 for page in pages for line in page]
        assert years == sorted(years)

    def test_what_has_no_date_comes_last_apart_and_is_told(self, client):
        response = client.get(URL, {"vue": "frise", "page": 3})
        assert response.context["groups"][-1].label == "Date de début non précisée"
        assert not any(line.start for line in response.context["groups"][-1].lines)
        assertContains(response, "1 expérience n’a pas de date de début connue")

    def test_the_table_says_the_same(self, client):
        response = client.get(URL, {"vue": "frise"})
        for line in lines(response.context):
            assertContains(response, f'<td data-l="Début">{line.card["start"]}</td>')


def parameters(address):
    return parse_qs(urlsplit(address).query)


@pytest.mark.django_db
class TestLines:
    def line(self, client, **fields):
        make_experience(**fields)
        return lines(shown(client))[0]

    def test_a_known_end_stops_the_line(self, client):
        line = self.line(client, started_year=2000, ended_year=2010, project_status=ProjectStatus.ENDED)
        assert line.is_ended
        assert float(line.start) < float(line.end) < 70

    def test_what_goes_on_runs_to_this_year_and_beyond(self, client):
        line = self.line(client, started_year=2000, project_status=ProjectStatus.ONGOING)
        assert (line.is_ended, line.is_ongoing) == (False, True)
        assert float(line.start) < float(line.end) < float(line.stub_end) <= 100

    def test_an_end_that_nobody_says_is_not_drawn(self, client):
        line = self.line(client, started_year=2000)
        assert (line.is_ended, line.is_ongoing, line.end) == (False, False, line.start)

    def test_a_start_that_nobody_says_has_no_line(self, client):
        make_experience()
        context = shown(client)
        assert [(line.start, line.end) for line in lines(context)] == [("", "")]
        assert context["axis"] is None

    def test_decimals_are_those_of_svg(self, client):
        self.line(client, started_year=1987, ended_year=1994)
        page = client.get(URL, {"vue": "frise"}).content.decode()
        assert 'x1="' in page
        assert all("," not in value.split('"')[0] for value in page.split('x1="')[1:])


@pytest.mark.django_db
def test_very_old_projects_do_not_crush_the_bars(client):
    for year in (1780, 1850, 2003, 2015):
        make_experience(started_year=year)
    decades = shown(client)["decades"]
    assert len(decades) <= 10
    assert decades[0].count == 2
    assert client.get(decades[0].address).context["listing"].count == 2


@pytest.mark.django_db
def test_an_empty_base_says_so(client):
    assertContains(client.get(URL, {"vue": "frise"}), "La base est vide pour le moment")


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow(client, django_assert_num_queries):
    for rows in (1, LINES + 1):
        for _ in range(rows):
            make_experience(started_year=2001)
        client.get(URL, {"vue": "frise"})
        with django_assert_num_queries(2):
            client.get(URL, {"vue": "frise", "theme": "", "page": rows})

"""Curators edit synonyms, and read what was looked for in vain."""

import pytest
from django.urls import reverse
from django.utils import timezone

from search.models import MissedSearch, Synonym

pytestmark = pytest.mark.django_db


def test_a_curator_groups_expressions_one_a_line(client, curator):
    client.force_login(curator)
    response = client.post(reverse("admin:search_synonym_add"), {"expressions": "troquet\nbistrot, café\n"})
    assert response.status_code == 302
    assert Synonym.objects.get().expressions == ["troquet", "bistrot, café"]


def test_a_curator_reads_what_was_looked_for_in_vain_and_changes_nothing(client, curator):
    missed = MissedSearch.objects.create(words="cuisine mobile", day=timezone.localdate(), count=12)
    client.force_login(curator)
    page = client.get(reverse("admin:search_missedsearch_changelist")).content.decode()
    assert "cuisine mobile" in page
    assert client.get(reverse("admin:search_missedsearch_add")).status_code == 403
    assert (
        client.post(reverse("admin:search_missedsearch_delete", args=[missed.pk]), {"post": "yes"}).status_code == 403
    )
    client.post(reverse("admin:search_missedsearch_change", args=[missed.pk]), {"words": "autre"})
    missed.refresh_from_db()
    assert missed.words == "cuisine mobile"


@pytest.mark.parametrize("somebody", ["stranger", "elected", "adviser"])
def test_others_read_nothing_of_it(client, request, somebody):
    client.force_login(request.getfixturevalue(somebody))
    for name in ("search_synonym", "search_missedsearch"):
        assert client.get(reverse(f"admin:{name}_changelist")).status_code in (302, 403)

import pytest
from django.db import connection, transaction

from experiences.models import Theme
from search import versions
from tests.database import change_versions_at_once

pytestmark = pytest.mark.django_db


def test_a_change_of_content_changes_its_version_and_not_that_of_the_documents():
    before = versions.current()
    Theme.objects.create(key="essai", label="Essai", position=99)
    after = versions.current()
    assert after.content != before.content
    assert after.documents == before.documents


def test_each_kind_of_change_counts():
    numbers = [versions.current().content]
    theme = Theme.objects.create(key="essai", label="Essai", position=99)
    numbers.append(versions.current().content)
    Theme.objects.filter(pk=theme.pk).update(label="Autre")
    numbers.append(versions.current().content)
    theme.delete()
    numbers.append(versions.current().content)
    assert len(set(numbers)) == 4


def test_a_number_never_comes_back_after_a_rollback():
    seen = set()
    for _ in range(3):
        with transaction.atomic():
            Theme.objects.create(key="essai", label="Essai", position=99)
            seen.add(versions.current().content)
            transaction.set_rollback(True)
    assert len(seen) == 3


def test_reading_takes_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        versions.current()


@pytest.mark.django_db(transaction=True)
def test_outside_of_tests_the_number_changes_with_the_commit():
    """As in a real base: the whole transaction shows one new number, to everybody, with its changes."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER change_of_contenu ON experiences_theme")
        cursor.execute(versions.create_trigger("experiences_theme", versions.CONTENT))
    try:
        before = versions.current().content
        with transaction.atomic():
            Theme.objects.create(key="essai", label="Essai", position=99)
            Theme.objects.create(key="essai-2", label="Essai", position=100)
            assert versions.current().content == before
        assert versions.current().content != before
    finally:
        change_versions_at_once()

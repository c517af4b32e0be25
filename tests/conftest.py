import os
from functools import partial

import pytest
from django.conf import settings
from django.core.management import call_command
from django.dispatch import receiver
from django.test import override_settings
from django.test.signals import setting_changed

from accounts.permissions import Duty
from config import page_cache
from design.templatetags.design import icon, kept_parts
from experiences import listing, panel
from roles import opening
from roles.models import Questionnaire
from territories.models import ReferenceLoad
from tests.accounts.factories import make_membership, make_user
from tests.database import Rows, change_versions_at_once


@pytest.fixture(scope="session", autouse=True)
def _plain_static_files(tmp_path_factory):
    """Pages render without a collectstatic first; browser tests have the real, compressed files."""
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture(scope="session", autouse=True)
def _files_elsewhere(tmp_path_factory):
    """What tests send is kept apart from what people send."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(autouse=True)
def _no_page_kept():
    page_cache.clear()


@receiver(setting_changed)
def _forget_pages(**_setting):
    """Settings do not change under a running portal; the tests change them."""
    page_cache.clear()
    kept_parts.clear()
    for drawings in (icon, listing.rows_drawn, listing._role, panel._kept, panel._role):
        drawings.cache_clear()  # they name the drawings of the sprite, whose address depends on the storage


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests never commit: the versions of the base change with each statement instead of with the transaction.

    Gives what the migrations wrote.
    """
    with django_db_blocker.unblock():
        change_versions_at_once()
        return Rows.migrated()


@pytest.fixture(scope="session")
def _reference_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Rows(partial(call_command, "load_territories"), stays=True)


@pytest.fixture
def reference(_reference_rows, db):
    """The real collectivities of 2026, loaded once a session and put back after a test that emptied the tables."""
    if not ReferenceLoad.objects.exists():
        _reference_rows.put_back()


@pytest.fixture(scope="session")
def _content_rows(_reference_rows, django_db_blocker):
    with django_db_blocker.unblock():
        return Rows(partial(call_command, "load_content"))


@pytest.fixture
def content(reference, _content_rows):
    """The opening content, on the real collectivities: loaded once a session, put back for each test."""
    _content_rows.put_back()


@pytest.fixture(scope="session")
def _roles_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Rows(opening.load)


@pytest.fixture
def opened(db, _roles_rows):
    """The questionnaire with which the portal opens."""
    _roles_rows.put_back()
    return Questionnaire.objects.current()


# The cast: the same five persons in every test that asks who may do what.


@pytest.fixture
def elected(db):
    """An official, confirmed in a commune."""
    person = make_user("elue@mairie.exemple", first_name="Élise", last_name="Élue")
    make_membership(person)
    return person


@pytest.fixture
def adviser(db):
    return make_user("conseil@portail.exemple", first_name="Aline", last_name="Conseil", duties=[Duty.ADVISER])


@pytest.fixture
def curator(db):
    return make_user("edition@portail.exemple", first_name="Édith", last_name="Édition", duties=[Duty.CURATOR])


@pytest.fixture
def manager(db):
    return make_user("direction@portail.exemple", first_name="René", last_name="Direction", duties=[Duty.MANAGER])


@pytest.fixture
def stranger(db):
    """Somebody with an account, about whom nobody vouched for anything."""
    return make_user("inconnu@ailleurs.exemple", first_name="Inès", last_name="Connue")


REFUSE_SKIPS = os.environ.get("REFUSE_SKIPS") == "1"


def refuse_skip(report):
    """Where nothing may be missing (continuous integration), a skipped test is a failed one."""
    if REFUSE_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REFUSE_SKIPS=1: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return refuse_skip((yield))

"""A real Chromium on the pages as they are served in production: hashed and compressed files, DEBUG off."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, chromium_path
from tests.browser.content import load_content

STATIC_STORAGE = {"BACKEND": "design.static.StaticFilesStorage"}
PATIENCE = 60_000  # milliseconds: a busy machine is slow, not wrong
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items):
    """pytest-django makes a test database only if a test says that it wants one."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="session")
def chromium():
    path = chromium_path()
    if not path.is_file():
        pytest.skip(f"no Chromium at {path}: install Debian's package or give a path in CHROMIUM")
    return path


@pytest.fixture(scope="package")
def database(chromium, django_db_setup, django_db_blocker):
    """A copy of the test database with the opening content: loaded once, read by every browser test, then dropped.

    It is made before the browser starts: inside Playwright's event loop, Django sees other connections than outside.
    """
    with django_db_blocker.unblock():
        main = connection.settings_dict["NAME"]
        copy = f"{main}_browser"
        drop = f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)'
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(drop)
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{main}"')
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = copy
        try:
            django_db_setup.put_back()
            load_content()
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = main
            with connection._nodb_cursor() as cursor:
                cursor.execute(drop)


@pytest.fixture(scope="package")
def browser(chromium, database):
    """Chromium, running for the length of the browser tests."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread; the database is still used by one thread at a time.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()
        connection.close()


@pytest.fixture(scope="session")
def production_files(tmp_path_factory):
    """Static files collected once, named by their content and compressed."""
    root = tmp_path_factory.mktemp("collected")
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": STATIC_STORAGE}, STATIC_ROOT=root):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.fixture(scope="package")
def site(browser, production_files):
    """The address of the portal, served for the length of the browser tests."""
    files = {**settings.STORAGES, "staticfiles": STATIC_STORAGE}
    with override_settings(STORAGES=files, STATIC_ROOT=production_files):
        thread = LiveServerThread("localhost", static_handler=lambda application: application)  # type: ignore[arg-type]
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        yield f"http://localhost:{thread.port}"
        thread.terminate()


@pytest.fixture
def open_page(browser, site):
    """A cold browser of a given width: open_page(width=375, dark=True, scripts=False)."""
    contexts = []

    def build(*, width=1280, height=900, dark=False, scripts=True):
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            locale="fr-FR",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield build
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def phone(open_page):
    return open_page(width=375, height=812)


@pytest.fixture
def axe():
    """Assert that a page breaks no rule that a machine can check, with every disclosure open."""

    def check(page):
        page.evaluate("document.querySelectorAll('details').forEach(element => element.open = true)")
        options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": AXE_RULES}}
        results = Axe().run(page, options=options)
        assert results.violations_count == 0, results.generate_report()

    return check


@dataclass
class Traffic:
    requests: int
    transferred: int
    urls: list[str]


@pytest.fixture
def cold_load(page):
    """What one visit costs with an empty cache: the number of requests, and the bytes on the wire."""

    def measure(path):
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        urls, sizes = [], []
        devtools.on("Network.requestWillBeSent", lambda event: urls.append(event["request"]["url"]))
        devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(path, wait_until="networkidle")
        return Traffic(len(urls), round(sum(sizes)), urls)

    return measure

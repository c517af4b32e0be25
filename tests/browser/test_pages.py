"""What holds for every page: accessible to tools, light, readable on a small screen and without script."""

import pytest

from tests.browser.pages import PAGES

COMPONENTS = "/composants/"
MAIL = "/_courriels/1/"


@pytest.fixture(params=[*PAGES, COMPONENTS, MAIL])
def path(request, settings):
    if request.param == COMPONENTS:
        settings.DEBUG = True
    return request.param


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_accessibility_violation(open_page, axe, path, dark):
    page = open_page(dark=dark)
    page.goto(path)
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)


def test_no_horizontal_scroll(page, path):
    page.goto(path)
    for width in (320, 375, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_same_without_script(open_page, path):
    read = []
    for scripts in (True, False):
        page = open_page(scripts=scripts)
        page.goto(path)
        read.append(page.locator("body").inner_text())
    assert read[0] == read[1]


def test_nothing_is_refused_by_the_security_policy_nor_missing(page, path):
    console: list[tuple[str, str]] = []
    failed: list[str] = []
    page.on("console", lambda message: console.append((message.location["url"], message.text)))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(path, wait_until="networkidle")
    # About the page itself, the browser only repeats the 404 that we asked for.
    assert [text for url, text in console if url != page.url] == []
    assert failed == []


@pytest.mark.parametrize("path", PAGES)
def test_budget_of_a_first_visit(cold_load, path):
    traffic = cold_load(path)
    assert traffic.requests <= 12, traffic.urls
    assert traffic.transferred <= 150_000, traffic


def test_controls_are_large_enough_for_a_finger(phone, path):
    """28 px in dense places, 44 px elsewhere; links are left to axe, which knows those inside a sentence."""
    phone.goto(path)
    small = phone.evaluate(
        """() => [...document.querySelectorAll('button, input, select, textarea, summary, .btn, .tool')]
          .filter(e => e.checkVisibility() && e.type !== 'hidden')
          .filter(e => (e.closest('label') ?? e).getBoundingClientRect().height < 28)
          .map(e => e.outerHTML.slice(0, 200))"""
    )
    assert small == []

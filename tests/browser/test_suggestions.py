"""What is proposed while one types a search: by keyboard, and without a script."""

import re

from playwright.sync_api import expect

SEARCH = "/recherche/"


def options(page):
    return page.locator(".combo__list [role=option]")


def test_a_suggestion_is_chosen_by_the_keyboard(page):
    page.goto(SEARCH)
    page.locator("#q").focus()
    page.keyboard.type("creche inter")
    expect(options(page).first).to_be_visible()
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    expect(page.get_by_role("group", name="Expériences")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("crèche")
    assert "/experiences/" in page.url


def test_enter_searches_what_was_typed_when_nothing_was_chosen(page):
    page.goto("/")
    page.locator("#q").focus()
    page.keyboard.type("creche inter")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**q=creche+inter*")


def test_the_list_of_experiences_proposes_too_and_shows_its_results_under(page):
    page.goto("/experiences/")
    page.locator("#q").focus()
    page.keyboard.type("creche inter")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(options(page).first).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=creche(\+|%20)inter$"))
    expect(page.locator("#q")).to_be_focused()


def test_nothing_to_propose_says_nothing(page):
    page.goto(SEARCH)
    page.locator("#q").focus()
    with page.expect_response("**/recherche/suggestions/**"):
        page.keyboard.type("zzqxv")
    expect(options(page)).to_have_count(0)
    expect(page.locator("#q ~ [role=status]")).to_have_text("")

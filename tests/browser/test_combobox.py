"""Choosing a place: by keyboard, with the mouse, without script."""

import re

import pytest
from playwright.sync_api import expect

COMPONENTS = "/composants/"
FIELD = "#collectivite-1"


@pytest.fixture(autouse=True)
def components_are_shown(settings):
    settings.DEBUG = True


def options(page):
    return page.locator(".combo__list [role=option]")


def key_of(page):
    return page.locator("[data-combobox-key]").input_value()


def type_a_name(page, text="figea"):
    page.goto(COMPONENTS)
    field = page.locator(FIELD)
    field.focus()
    page.keyboard.type(text)
    expect(options(page).first).to_be_visible()
    return field


def test_a_place_is_chosen_by_the_keyboard_alone(page):
    field = type_a_name(page)
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator(f"{FIELD} ~ [role=status]")).to_contain_text("proposition")
    page.keyboard.press("ArrowDown")
    option = options(page).first
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "none")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_have_value("Figeac (46)")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert key_of(page) == "commune:46102"
    assert page.url.endswith(COMPONENTS)


def test_arrows_go_round_and_escape_closes(page):
    field = type_a_name(page)
    count = options(page).count()
    assert count > 1
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options(page).first).to_be_hidden()
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile(".*"))
    expect(field).to_have_value("figea")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()


def test_a_text_changed_after_a_choice_forgets_it(page):
    type_a_name(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert key_of(page)
    page.keyboard.press("Backspace")
    assert not key_of(page)


def test_a_place_is_chosen_with_the_mouse(page):
    field = type_a_name(page)
    options(page).filter(has_text="Grand-Figeac").click()
    expect(field).to_have_value("CC Grand-Figeac (46)")
    assert key_of(page) == "intercommunalite:200067361"


def test_nothing_found_is_said_to_everybody(page):
    page.goto(COMPONENTS)
    page.locator(FIELD).focus()
    page.keyboard.type("zzzzzz")
    expect(page.get_by_text("Aucune collectivité de ce nom.")).to_be_visible()
    expect(page.locator(FIELD)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_open_list_is_accessible_and_fits_a_phone(open_page, axe, dark):
    page = open_page(width=375, height=812, dark=dark)
    type_a_name(page, "saint-julien")
    page.keyboard.press("ArrowDown")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert options(page).first.evaluate("e => e.getBoundingClientRect().height") >= 44


def test_the_page_of_places_opens_the_one_chosen(page):
    page.goto("/territoires/")
    page.get_by_label("Commune, intercommunalité, département…").focus()
    page.keyboard.type("figea")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/territoires/46102/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Figeac")


def test_the_page_of_places_works_without_script(open_page):
    page = open_page(scripts=False)
    page.goto("/territoires/")
    field = page.get_by_label("Commune, intercommunalité, département…")
    field.focus()
    page.keyboard.type("figeac")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="lieux pour")).to_be_visible()
    expect(field).to_have_value("figeac")
    page.get_by_role("link", name="Figeac", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Figeac")

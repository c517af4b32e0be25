"""The behaviours that only a browser can show."""

from playwright.sync_api import expect


def test_the_skip_link_comes_first_and_leads_to_the_content(page):
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_menu_opens_without_script_on_a_phone(open_page):
    page = open_page(width=375, scripts=False)
    page.goto("/")
    navigation = page.get_by_role("navigation", name="Navigation principale")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(navigation).to_be_visible()
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()


def test_the_menu_is_always_there_on_a_wide_screen(page):
    page.goto("/")
    navigation = page.get_by_role("navigation", name="Navigation principale")
    expect(navigation.get_by_role("link", name="Expériences")).to_be_visible()
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_hidden()


def test_icons_of_the_sprite_are_drawn_as_lines_of_the_colour_of_their_text(page, settings):
    settings.DEBUG = True
    page.goto("/composants/")
    icon = page.locator(".role.r-acteur .icon").first
    assert icon.evaluate("e => e.getBBox().width") > 10
    assert icon.evaluate("e => [getComputedStyle(e).fill, getComputedStyle(e).stroke]") == [
        "none",
        icon.evaluate("e => getComputedStyle(e.parentElement).color"),
    ]


def test_a_refused_form_takes_the_reader_to_its_errors_then_to_the_field(open_page, settings):
    settings.DEBUG = True
    page = open_page(scripts=False)
    page.goto("/composants/")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary").get_by_role("link", name="Écrivez votre question en une phrase.").click()
    expect(page.get_by_label("En une phrase").nth(1)).to_be_focused()

"""The list in a real browser: by keyboard, without script, with htmx, on a small screen, when the network fails."""

import re

import pytest
from playwright.sync_api import expect

LIST = "/experiences/"
STATES = {
    "filters": f"{LIST}?theme=energie&role=initiateur&phase=emergence&departement=46",
    "empty": f"{LIST}?q=zzzz&departement=15",
    "one-result": f"{LIST}?decennie=1920",
    "near": f"{LIST}?q=cantinne+bio",
    "ignored": f"{LIST}?theme=magie&q={'laine+' * 60}",
    "long-names": f"{LIST}?intercommunalite=200067981&intercommunalite=200067361&forme=societe",
    "last-page": f"{LIST}?page=99&tri=relues",
}


def open_list(page):
    """With htmx, which comes when a hand comes near."""
    page.goto(LIST)
    page.locator(".search input").hover()
    # A function: the security policy of the page refuses a mere expression when it is evaluated a second time.
    page.wait_for_function("() => window.htmx !== undefined")


def number(page):
    return page.locator("#nombre")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_state_is_accessible_and_fits_a_small_screen(open_page, axe, state, dark):
    page = open_page(dark=dark)
    page.goto(STATES[state])
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)  # every disclosure open
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("state", STATES)
def test_a_first_visit_is_light(cold_load, state):
    traffic = cold_load(STATES[state])
    assert traffic.requests <= 12, traffic.urls
    assert traffic.transferred <= 150_000, traffic


def test_a_filter_is_chosen_by_keyboard_without_losing_the_place(page):
    page.goto(LIST)
    documents = []
    page.on("request", lambda request: documents.append(request.url) if request.is_navigation_request() else None)
    box = page.get_by_role("checkbox", name=re.compile("^Énergie"))
    box.focus()
    top = box.bounding_box()["y"]
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/experiences/\?theme=energie$"))
    expect(number(page)).to_have_text(re.compile(r"^12 expériences"))
    expect(page).to_have_title(re.compile("^Thème\xa0: Énergie"))
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    assert box.bounding_box()["y"] == top  # nothing jumped
    assert documents == []
    expect(page.get_by_role("link", name="Retirer le filtre : Thème\xa0: Énergie")).to_be_visible()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/experiences/$"))
    expect(number(page)).to_have_text(re.compile("^70"))


def test_the_number_of_results_is_announced(page):
    open_list(page)
    heading = number(page)
    expect(heading).to_have_attribute("aria-live", "polite")
    handle = heading.element_handle()
    page.get_by_role("checkbox", name=re.compile("^Financeur")).check()
    expect(heading).to_have_text(re.compile("^26"))
    # The element that announces stays: only its text changes, or screen readers would say nothing.
    assert handle.evaluate("element => element.isConnected")


def test_what_was_opened_stays_open(page):
    open_list(page)
    page.locator("#filtre-phase > summary").click()
    page.locator("#filtre-posture > summary").click()
    page.get_by_role("checkbox", name=re.compile("^Émergence")).check()
    expect(page).to_have_url(re.compile("phase=emergence"))
    expect(page.locator("#filtre-phase")).to_have_attribute("open", "")
    expect(page.locator("#filtre-posture")).not_to_have_attribute("open", "")


def test_typing_searches_and_keeps_the_field(page):
    open_list(page)
    field = page.get_by_label("Mots-clés")
    field.focus()
    page.keyboard.type("laine", delay=30)
    expect(page).to_have_url(re.compile(r"\?q=laine$"))
    expect(page.locator(".rows mark").first).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type("s")
    expect(field).to_have_value("laines")


def test_lists_and_sort_are_changed_in_place(page):
    open_list(page)
    page.get_by_label("Département", exact=True).select_option("46")
    expect(page).to_have_url(re.compile(r"\?departement=46$"))
    page.get_by_label("Trier par").select_option("anciennes")
    expect(page).to_have_url(re.compile(r"\?departement=46&tri=anciennes$"))
    expect(page.get_by_label("Trier par")).to_have_value("anciennes")
    page.get_by_role("link", name="Tout effacer").click()
    expect(page).to_have_url(re.compile(r"/experiences/\?tri=anciennes$"))
    expect(page.get_by_label("Département", exact=True)).to_have_value("")
    expect(number(page)).to_be_focused()


def test_another_page_is_read_from_its_number(page):
    open_list(page)
    page.get_by_role("link", name="Suivante").click()
    expect(page).to_have_url(re.compile(r"\?page=2$"))
    expect(page).to_have_title(re.compile("page 2"))
    expect(number(page)).to_be_focused()
    expect(number(page)).to_be_in_viewport()


def test_going_back_shows_what_was_before(page):
    open_list(page)
    page.get_by_role("checkbox", name=re.compile("^Énergie")).check()
    expect(number(page)).to_have_text(re.compile("^12"))
    page.get_by_role("checkbox", name=re.compile("^Financeur")).check()
    expect(page).to_have_url(re.compile("role=financeur"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?theme=energie$"))
    expect(number(page)).to_have_text(re.compile("^12"))
    expect(page.get_by_role("checkbox", name=re.compile("^Financeur"))).not_to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile("^Énergie"))).to_be_checked()
    page.go_back()
    expect(page).to_have_url(re.compile("/experiences/$"))
    expect(number(page)).to_have_text(re.compile("^70"))
    page.go_forward()
    expect(number(page)).to_have_text(re.compile("^12"))
    page.get_by_role("link", name="Chaufferie").or_(page.locator(".xp h3 a")).first.click()
    page.go_back()
    expect(number(page)).to_have_text(re.compile("^12"))
    page.go_forward()
    expect(page.locator("h1")).not_to_have_text("Expériences territoriales")


def test_a_failure_is_said_and_tried_again(page):
    open_list(page)
    page.route("**/experiences/?*", lambda route: route.abort())
    box = page.get_by_role("checkbox", name=re.compile("^Énergie"))
    box.check()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("La recherche ne répond pas")
    expect(box).to_be_checked()
    expect(number(page)).to_have_text(re.compile("^70"))
    page.unroute("**/experiences/?*")
    alert.get_by_role("button", name="Réessayer").click()
    expect(number(page)).to_have_text(re.compile("^12"))
    expect(alert).to_be_hidden()


def test_what_failed_to_come_is_asked_for_again(page):
    page.route("**/htmx-2.min.*.js", lambda route: route.abort(), times=1)
    page.goto(LIST)
    with page.expect_event("requestfailed"):
        page.locator(".search input").hover()
    page.get_by_role("checkbox", name=re.compile("^Énergie")).check()
    expect(number(page)).to_have_text(re.compile("^12"))


def test_everything_works_without_script(open_page):
    page = open_page(scripts=False)
    page.goto(LIST)
    page.get_by_label("Mots-clés").fill("ferme")
    page.get_by_role("checkbox", name=re.compile("^Initiateur")).check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(number(page)).to_have_text(re.compile(r"^\d+ expérience"))
    expect(page.get_by_role("checkbox", name=re.compile("^Initiateur"))).to_be_checked()
    page.get_by_label("Trier par").select_option("anciennes")
    page.get_by_role("button", name="Trier").click()
    expect(page.get_by_label("Trier par")).to_have_value("anciennes")
    page.get_by_role("link", name=re.compile("Retirer le filtre")).first.click()
    expect(page.get_by_role("checkbox", name=re.compile("^Initiateur"))).not_to_be_checked()
    expect(page.get_by_label("Mots-clés")).to_have_value("ferme")


def test_the_filters_of_a_phone_are_opened_by_keyboard_and_stay_open(phone):
    phone.goto(LIST)
    box = phone.get_by_role("checkbox", name=re.compile("^Énergie"))
    expect(box).to_be_hidden()
    summary = phone.locator(".facets-mobile > summary")
    summary.focus()
    phone.keyboard.press("Enter")
    box.focus()
    phone.keyboard.press("Space")
    expect(summary).to_contain_text("1 filtre actif")
    expect(box).to_be_visible()
    expect(box).to_be_focused()


def test_the_policy_refuses_nothing_when_filters_change(page):
    console = []
    page.on("console", lambda message: console.append(message.text))
    open_list(page)
    page.get_by_role("checkbox", name=re.compile("^Énergie")).check()
    expect(number(page)).to_have_text(re.compile("^12"))
    assert console == []

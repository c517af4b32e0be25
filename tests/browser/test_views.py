"""The map, the timeline and « comme la mienne »: by keyboard, without script, with filters that change under them."""

import re

import pytest
from playwright.sync_api import expect

MAP = "/experiences/?vue=carte"
LIKE_MINE = "/experiences/comme-la-mienne/"


def test_a_departement_is_chosen_on_the_map_by_the_keyboard_and_left_the_same_way(page):
    page.goto(MAP)
    lot = page.get_by_role("group", name="Carte des départements").get_by_role(
        "link", name="Lot (46)\u00a0: 3 expériences"
    )
    lot.focus()
    expect(lot).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"departement=46.*vue=carte"))
    expect(page.get_by_role("heading", level=2, name="3 expériences")).to_be_visible()
    chosen = page.locator(".map__svg [aria-current=true]")
    expect(chosen).to_have_count(1)
    chosen.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/experiences/\?vue=carte$"))


def test_the_map_may_be_passed(page):
    page.goto(MAP)
    skip = page.get_by_role("link", name="Passer la carte")
    skip.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Par région et département").get_by_role("link").first).to_be_focused()


def test_the_outlines_are_drawn(page):
    """They come from another file: only the browser can tell that they are there and can be clicked."""
    page.goto(MAP, wait_until="networkidle")
    box = page.locator(".map__svg a", has=page.locator("use[href$='#d46']")).bounding_box()
    assert box["width"] > 5
    assert box["height"] > 5
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page).to_have_url(re.compile("departement=46"))


@pytest.mark.parametrize(("vue", "drawn"), [("carte", ".map__svg"), ("frise", ".decades")])
def test_a_filter_changed_beside_a_view_stays_in_that_view(page, vue, drawn):
    page.goto(f"/experiences/?vue={vue}")
    page.get_by_role("checkbox", name=re.compile("Énergie")).check()
    expect(page).to_have_url(re.compile(f"theme=energie.*vue={vue}"))
    expect(page.locator(f"#liste {drawn}")).to_be_visible()
    expect(page.get_by_role("link", name="Liste", exact=True)).to_have_attribute("href", "/experiences/?theme=energie")


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_a_decade_is_a_link(open_page, scripts):
    page = open_page(scripts=scripts, width=375)
    page.goto("/experiences/?vue=frise")
    page.get_by_role("link", name=re.compile("Années 1990")).click()
    expect(page).to_have_url(re.compile("decennie=1990"))
    expect(page.get_by_role("heading", level=4)).to_have_text(["Années 1990"])


def test_a_collectivity_is_chosen_by_the_keyboard_alone(page):
    page.goto(LIKE_MINE)
    page.get_by_role("combobox", name="Collectivité").focus()
    page.keyboard.type("figea")
    expect(page.locator(".combo__list [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/experiences/\?comme=46102&tri=comme"))
    expect(page.locator(".xp__why").first).to_contain_text("même commune")


def test_a_collectivity_is_chosen_without_script_among_those_of_its_name(open_page):
    page = open_page(scripts=False)
    page.goto(f"{LIKE_MINE}?theme=energie")
    page.get_by_label("Collectivité").fill("saint-denis")
    page.get_by_role("button", name="Classer les expériences").click()
    page.get_by_role("radio", name=re.compile(r"Saint-Denis \(93\) .*149")).check()
    page.get_by_role("button", name="Classer les expériences").click()
    expect(page).to_have_url(re.compile(r"theme=energie&comme=93066&tri=comme"))
    expect(page.get_by_role("link", name=re.compile(r"Retirer le filtre\s:\sComme Saint-Denis"))).to_be_visible()


def test_another_order_is_asked_for_beside_a_collectivity(page):
    page.goto("/experiences/?comme=46102&tri=comme")
    page.get_by_label("Trier par").select_option(label="À découvrir")
    expect(page).to_have_url(re.compile("tri=usuel"))
    expect(page.locator(".xp__why")).to_have_count(0)

"""The sheet of an experience on a phone, on a desk and on paper."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

ARCHER = "/experiences/groupe-archer-pole-sud-romans/"
WIDTHS = (320, 375, 768, 960, 1024, 1280)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_frise_fits_and_is_told_once(open_page, width):
    page = open_page(width=width)
    page.goto(ARCHER)
    expect(page.get_by_role("img", name=re.compile("^Rôles dans le temps"))).to_have_count(1)
    drawing = page.locator(".frise svg.chart:visible").bounding_box()
    column = page.locator(".frise").bounding_box()
    assert drawing is not None
    assert column is not None
    assert drawing["x"] + drawing["width"] <= column["x"] + column["width"] + 0.5 <= width
    assert drawing["width"] >= 280


def test_the_frise_is_wide_where_there_is_room(page):
    page.goto(ARCHER)
    expect(page.locator(".frise__large")).to_be_visible()
    expect(page.locator(".frise__etroite")).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_roles_are_a_table_that_nobody_has_to_scroll(open_page, width):
    page = open_page(width=width)
    page.goto(ARCHER)
    page.get_by_text("La frise en tableau").click()
    table = page.get_by_role("table", name="Rôles tenus par les collectivités")
    expect(table.get_by_role("row")).to_have_count(5)
    expect(table.get_by_role("columnheader")).to_have_count(3)
    right = table.locator("td, td *").evaluate_all(
        "cells => Math.max(...cells.map(cell => cell.getBoundingClientRect().right))"
    )
    assert right <= width
    label = table.get_by_role("cell").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert label == ('"Période"' if width < 768 else "none")


def test_the_contents_come_first_on_a_phone_and_lead_to_the_identity(phone):
    phone.goto(ARCHER)
    contents = phone.get_by_role("navigation", name="Dans cette page")
    expect(contents).to_have_count(1)
    top, essential = (part.bounding_box() for part in (contents, phone.locator("#essentiel")))
    assert top is not None
    assert essential is not None
    assert top["y"] < essential["y"]
    contents.get_by_text("Dans cette page").click()
    contents.get_by_role("link", name="Fiche d’identité").click()
    expect(phone.get_by_role("heading", name="Fiche d’identité")).to_be_in_viewport()


def test_the_contents_are_beside_the_text_on_a_desk(page):
    page.goto(ARCHER)
    expect(page.get_by_role("navigation", name="Dans cette page")).to_have_count(1)
    expect(page.get_by_role("heading", name="Dans cette page")).to_be_visible()


def test_a_source_leads_back_to_the_text(phone):
    phone.goto(ARCHER)
    reference = phone.locator("#renvoi-6")
    reference.click()
    expect(phone.locator("#source-6")).to_be_in_viewport()
    expect(reference).not_to_be_in_viewport()
    phone.get_by_role("link", name="Revenir au texte, source 6").click()
    expect(reference).to_be_in_viewport()


def test_a_place_name_that_wraps_leaves_no_dot_at_either_end_of_a_line(open_page):
    page = open_page(width=320)
    page.goto("/experiences/")
    wrapped = page.locator(".kicker").evaluate_all(
        """kickers => kickers.flatMap(kicker => {
          const [first, second] = kicker.children
          if (!second || second.offsetTop === first.offsetTop) return []
          const text = document.createRange()
          text.selectNodeContents(second)
          return [[text.getBoundingClientRect().left - kicker.getBoundingClientRect().left,
                   getComputedStyle(kicker).overflowX]]
        })"""
    )
    assert wrapped
    for shift, overflow in wrapped:
        assert abs(shift) < 1  # what comes before it, the dot, is outside of the frame
        assert overflow == "clip"


def test_a_sheet_on_paper(page, settings):
    page.goto(ARCHER)
    page.emulate_media(media="print")
    expect(page.locator(".frise__large")).to_be_visible()
    expect(page.locator(".frise__etroite")).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator(".site-foot")).to_be_hidden()
    expect(page.get_by_text(f"Adresse de cette page : {settings.SITE_URL}{ARCHER}")).to_be_visible()
    source = page.locator("#source-6 a").first
    address = source.evaluate("link => getComputedStyle(link, '::after').content")
    assert source.get_attribute("href") in address
    identity, essential = (page.locator(part).bounding_box() for part in ("#fiche", "#essentiel"))
    assert identity["y"] < essential["y"]
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 5


def test_the_list_on_paper_has_no_control_and_no_map(page):
    page.goto("/experiences/")
    page.emulate_media(media="print")
    for gone in ("Trier par", "Où sont-elles ?", "Appliquer les filtres", "Mentions légales"):
        expect(page.get_by_text(gone)).to_be_hidden()
    expect(page.get_by_role("heading", name="70 expériences")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_each_part_has_a_link_to_share_it(open_page, scripts):
    page = open_page(scripts=scripts)
    page.goto(ARCHER)
    links = page.locator("main .heading .anchor")
    expect(links).to_have_count(page.locator("main .heading h2").count())
    link = page.get_by_role("link", name=re.compile("Lien vers cette partie : Étape par étape"))
    expect(link).to_have_css("opacity", "0")
    link.focus()
    expect(link).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    assert page.url.endswith("#etapes")
    expect(page.get_by_role("heading", name="Étape par étape")).to_be_in_viewport()


def test_the_name_of_a_part_does_not_say_its_link(page):
    page.goto(ARCHER)
    expect(page.get_by_role("heading", name="Étape par étape", exact=True)).to_have_count(1)


def test_a_pointer_shows_the_link_of_the_part_it_is_on(page):
    page.goto(ARCHER)
    heading = page.locator(".heading", has_text="Étape par étape")
    heading.hover()
    expect(heading.locator(".anchor")).to_have_css("opacity", "1")


@pytest.mark.parametrize("width", [320, 1280])
def test_every_entry_of_the_contents_leads_to_its_part(open_page, width):
    page = open_page(width=width)
    page.goto(ARCHER)
    targets = page.locator(".toc a:visible, .toc details a").evaluate_all("links => links.map(link => link.hash)")
    assert len(targets) >= 10
    assert page.evaluate("targets => targets.filter(target => !document.querySelector(target))", targets) == []


def test_the_next_sheets_are_reached_by_keyboard_and_say_why(page):
    page.goto(ARCHER)
    section = page.get_by_role("region", name="À lire aussi")
    expect(section.get_by_role("heading", level=3)).to_have_count(4)
    expect(section.get_by_text(re.compile("[Mm]êmes? thèmes?")).first).to_be_visible()
    first = section.get_by_role("heading", level=3).first.get_by_role("link")
    title = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_sheet_drawn_by_phases_is_accessible(open_page, axe, width, dark):
    page = open_page(width=width, dark=dark)
    page.goto("/experiences/cinema-le-cigalon-cucuron/")
    expect(page.get_by_role("img", name=re.compile("^Rôles selon les phases"))).to_have_count(1)
    texts = page.locator(".frise svg:visible > text").evaluate_all(
        """texts => texts.map(text => text.getBoundingClientRect())
                         .map(box => [box.left, box.right, box.top, box.bottom])"""
    )
    overlaps = [
        (one, other) for one, other in pairwise(texts) if one[1] > other[0] and one[2] < other[3] and other[2] < one[3]
    ]
    assert overlaps == []
    assert max(right for _left, right, _top, _bottom in texts) <= width
    axe(page)


def test_on_paper_there_are_neither_links_to_parts_nor_other_sheets(page):
    page.goto(ARCHER)
    page.emulate_media(media="print")
    expect(page.locator(".anchor:visible")).to_have_count(0)
    expect(page.locator("#a-lire-aussi:visible")).to_have_count(0)
    expect(page.locator("#sources")).to_be_visible()

"""The sheet of an experience on a phone, on a desk and on paper."""

import re

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

"""The positioning in a browser: by keyboard, without script, back and forward, on a phone, in the dark and on paper."""

import re

import pytest
from playwright.sync_api import expect

from roles import journeys
from roles.models import Questionnaire

START = "/positionnement/"
WHOLE = "cbcabbcbcd"
WIDTHS = (320, 375, 768, 1280)


def choose(page, letter):
    radios = page.get_by_role("radio")
    (radios.last if letter == "_" else radios.nth("abcd".index(letter))).check()


def validate(page):
    page.get_by_role("button", name="Valider ma réponse").click()


def go_on(page):
    page.get_by_role("link", name=re.compile("^(Question suivante|Voir votre posture|Voir le résultat)$")).click()


def walk(page, letters, *, begun=False):
    """Answer as the buttons lead; through the first result when there are more answers to give."""
    if not begun:
        page.goto(START)
        page.get_by_role("link", name="Commencer").click()
    for letter in letters:
        if page.url.endswith("/resultat/"):
            page.get_by_role("link", name=re.compile("^Continuer avec")).click()
        choose(page, letter)
        validate(page)
        go_on(page)


def test_ten_questions_without_script(open_page):
    page = open_page(scripts=False)
    walk(page, WHOLE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("coproduction, un rôle de partenaire d’abord")
    expect(page.get_by_role("img", name=re.compile("^Rôles, sur 100"))).to_be_visible()


def press_until_focused(page, locator):
    for _ in range(60):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("never focused")


def test_ten_questions_by_keyboard_alone(page):
    page.goto(START)
    press_until_focused(page, page.get_by_role("link", name="Commencer"))
    page.keyboard.press("Enter")
    for number in range(1, 11):
        if number == 4:
            press_until_focused(page, page.get_by_role("link", name=re.compile("^Continuer avec")))
            page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile(f"^Question {number} sur"))).to_be_visible()
        press_until_focused(page, page.get_by_role("radio").first)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio").nth(1)).to_be_checked()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Votre réponse")
        link = page.locator(".quiz .btn").first
        press_until_focused(page, link)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre collectivité")


def test_back_and_forward_of_the_browser_lose_no_answer(page):
    walk(page, "ab")
    expect(page.get_by_text("Question 3 sur 3", exact=True)).to_be_visible()
    for _ in range(4):
        page.go_back()
    expect(page.get_by_text("Question 1 sur 3")).to_be_visible()
    expect(page.get_by_role("radio").first).to_be_checked()
    choose(page, "c")
    validate(page)
    go_on(page)
    expect(page.get_by_text("Question 3 sur 3", exact=True)).to_be_visible()
    page.get_by_role("link", name="Question précédente").click()
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    page.go_back()
    page.go_forward()
    expect(page.get_by_role("radio").nth(1)).to_be_checked()


def test_back_and_forward_without_script_lead_to_each_answer_as_it_was(open_page):
    page = open_page(scripts=False)
    walk(page, "ab")
    third = page.url
    page.go_back()
    page.go_back()
    expect(page.get_by_text("Question 2 sur 3")).to_be_visible()
    page.go_forward()
    page.go_forward()
    assert page.url == third
    page.get_by_role("link", name="Question précédente").click()
    expect(page.get_by_role("radio").nth(1)).to_be_checked()


def test_two_tabs_do_not_disturb_each_other(page):
    walk(page, "a")
    other = page.context.new_page()
    other.goto(page.url)
    choose(page, "a")
    choose(other, "b")
    validate(page)
    validate(other)
    for tab, given in ((page, 0), (other, 1)):
        tab.get_by_role("link", name="Changer ma réponse").click()
        expect(tab.get_by_role("radio").nth(given)).to_be_checked()


def test_no_answer_leads_to_the_sentence_that_says_what_to_do(page, axe):
    walk(page, "")
    validate(page)
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name=re.compile("^Choisissez une réponse")).click()
    expect(page.get_by_role("radio").first).to_be_focused()
    axe(page)


def test_the_private_link_resumes_on_another_device(page, open_page):
    walk(page, "ab")
    page.get_by_role("link", name="Continuer plus tard").click()
    link = page.get_by_label("Lien à copier").input_value()
    phone = open_page(width=375)
    phone.goto(re.sub(r"^https?://[^/]+", "", link))
    expect(phone.get_by_text("Question 3 sur 3", exact=True)).to_be_visible()
    phone.get_by_role("link", name="Question précédente").click()
    expect(phone.get_by_role("radio").nth(1)).to_be_checked()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_step_is_accessible_and_fits_on_a_phone(open_page, axe, dark):
    page = open_page(dark=dark)

    def check():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
            if width in (375, 1280):
                axe(page)

    page.goto(START)
    page.get_by_role("link", name="Commencer").click()
    check()
    choose(page, "b")
    validate(page)
    check()
    go_on(page)
    walk(page, "bc", begun=True)
    check()
    walk(page, WHOLE[3:], begun=True)
    check()
    page.get_by_role("link", name="Garder ou partager ce résultat").click()
    check()
    page.get_by_role("button", name="M’envoyer le lien").click()
    check()
    page.get_by_role("link", name="Voir ce que verront les autres").click()
    check()
    walk(page, "___")
    check()


def test_nothing_is_refused_by_the_security_policy(page):
    said = []
    page.on("console", lambda message: said.append(message.text))
    walk(page, WHOLE)
    assert said == []


def answered(letters):
    """The journey of whoever gave these answers."""
    journey = journeys.begin(Questionnaire.objects.current())
    for question, letter in zip(journey.questions, letters, strict=True):
        journey = journey.answer(question, letter)
    return journey


# A posture and a role; three postures, two roles and two blind spots; two postures and three roles.
@pytest.mark.parametrize("letters", [WHOLE, "babaccaccc", "cbacabcddb"])
def test_a_result_takes_two_pages_of_paper_and_does_not_print_the_private_link(page, letters):
    journey = answered(letters)
    mine, theirs = journey.get_absolute_url(), journeys.share(journey).get_absolute_url()
    for address, name in ((mine, "Refaire le questionnaire"), (theirs, "Faire le questionnaire à votre tour")):
        page.goto(address)
        expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
        page.emulate_media(media="print")
        for gone in ("Garder ou partager ce résultat", "Adresse de cette page", name, "Deux pages A4"):
            expect(page.get_by_text(gone)).to_be_hidden()
        expect(page.get_by_role("img", name=re.compile("^Rôles, sur 100"))).to_be_visible()
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 2
        page.emulate_media(media="screen")


def test_the_page_to_print_is_reached_from_the_ways_to_keep_a_result(page):
    page.goto(f"{answered(WHOLE).get_absolute_url()}")
    page.get_by_role("link", name="Garder ou partager ce résultat").click()
    page.get_by_role("link", name="Ouvrir la page à imprimer").click()
    page.evaluate("window.print = () => { document.title = 'imprimé' }")
    page.get_by_role("button", name="Imprimer").click()
    assert page.title() == "imprimé"


def test_a_link_to_copy_is_read_whole_on_a_phone_and_copied(open_page):
    page = open_page(width=375)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{answered(WHOLE).get_absolute_url()}")
    page.get_by_role("link", name="Garder ou partager ce résultat").click()
    for label in ("Lien à copier", "Lien de partage à copier"):
        field = page.get_by_label(label)
        assert field.evaluate("field => field.scrollWidth <= field.clientWidth"), label
        assert field.evaluate("field => field.scrollHeight <= field.clientHeight"), label
        field.locator("xpath=ancestor::section").get_by_role("button", name="Copier le lien").click()
        expect(page.get_by_role("button", name="Lien copié").first).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == field.input_value()

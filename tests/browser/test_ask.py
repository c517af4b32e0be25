"""Asking a question in a real browser: by keyboard, without a script on a phone, and what a first visit weighs."""

import re
from datetime import timedelta

import pytest

from inquiries.models import Inquiry, Sufficed
from inquiries.views import asking
from jobs.models import Mail

MOST_FIELDS, MOST_SCREENS = 12, 4
SUBJECT = "Peut-on aider le dernier commerce du village\u202f?"


def digits():
    [found] = re.findall(r"^ +(\d{4} \d{4})$", Mail.objects.latest("pk").body, re.MULTILINE)
    return found


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    """A machine fills the steps faster than a person, and would be asked to wait."""
    monkeypatch.setattr(asking, "LEAST_TIME", timedelta(0))


def heading(page):
    return page.locator("h1").inner_text()


def question_of(email):
    return Inquiry.objects.get(email=email)


class Keyboard:
    """Goes from field to field by Tab alone, and counts what is filled."""

    def __init__(self, page):
        self.page = page
        self.filled = 0

    def to(self, selector):
        target = self.page.locator(selector).first
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"Tab never reaches {selector}")

    def write(self, selector, text):
        self.to(selector)
        self.page.keyboard.type(text)
        self.filled += 1

    def choose(self, selector, *keys):
        self.to(selector)
        for key in keys:
            self.page.keyboard.press(key)
        self.filled += 1

    def press(self, selector):
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_a_question_by_keyboard(page, axe):
    page.goto("/questions/poser/")
    keys = Keyboard(page)
    keys.write("#id_collectivity", "Saint-Julien-Chapt")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-verdict-here] .alert--ok")
    assert "2\u202f0" in page.locator("[data-verdict-here]").inner_text()
    axe(page)
    keys.choose("[name=who]", "Space")
    keys.press("button:has-text('Continuer')")
    assert heading(page).startswith("Quelle est votre question")
    keys.write("#id_subject", SUBJECT)
    page.wait_for_selector("[data-near-here] details")
    keys.write("#id_text", "L’épicerie a fermé en juin.")
    assert "Il reste" in page.locator("#id_text_compte").inner_text()
    axe(page)
    keys.press(".btn-group button:has-text('Relire')")
    axe(page)
    for field, text in (("first_name", "Hélène"), ("last_name", "Rouvière")):
        keys.write(f"#id_{field}", text)
    keys.choose("#id_function", "ArrowDown")
    keys.write("#id_email", "clavier@exemple.fr")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # from a field: the button that sends, and none of those that change
    assert heading(page).startswith("Encore un pas")
    axe(page)
    keys.write("#id_digits", digits())
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == "Votre question est bien arrivée"
    axe(page)
    inquiry = question_of("clavier@exemple.fr")
    assert inquiry.number in page.locator("main").inner_text()
    assert (inquiry.subject, inquiry.function, inquiry.asker.email) == (SUBJECT, "maire", "clavier@exemple.fr")
    assert keys.filled <= MOST_FIELDS


def test_a_question_without_script_on_a_phone(open_page, axe):
    phone = open_page(width=375, height=812, scripts=False)
    screens = []
    phone.on("framenavigated", lambda frame: screens.append(re.sub(r"[?#].*", "", frame.url)))
    phone.goto("/questions/poser/")
    phone.fill("#id_collectivity", "Saint-Julien")
    phone.check("[name=who][value=agent]")
    phone.click("text=Continuer")
    phone.check(".choice:has-text('Saint-Julien Rhône (69)') input")  # seven communes have this name
    phone.click("text=Continuer")
    phone.fill("#id_subject", SUBJECT)
    phone.click("text=Chercher d’abord")
    assert phone.locator("[data-near-here] details").count() > 0
    assert phone.input_value("#id_subject") == SUBJECT
    phone.click(".btn-group button:has-text('Relire')")
    for field, text in (("first_name", "Luc"), ("last_name", "Berger"), ("email", "telephone@exemple.fr")):
        phone.fill(f"#id_{field}", text)
    phone.select_option("#id_function", "secretaire-de-mairie")
    phone.click(".btn-group button:has-text('Envoyer')")
    phone.fill("#id_digits", digits())
    phone.click("text=Confirmer mon adresse")
    assert heading(phone) == "Votre question est bien arrivée"
    assert question_of("telephone@exemple.fr").confirmed_at
    assert len(set(screens)) == MOST_SCREENS
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_ineligible_place_shows_its_ways_out(page, axe):
    page.goto("/questions/poser/?collectivite=commune:39300")
    assert "Lons-le-Saunier compte" in page.locator("main").inner_text()
    axe(page)
    page.check("[name=who][value=elu]")
    page.click("text=Continuer")
    assert heading(page).startswith("Pour quelle collectivité")
    page.click("button:has-text('au nom de votre intercommunalité')")
    assert "pour la commune de Lons-le-Saunier" in page.locator("main").inner_text()
    page.click(".btn-group button:has-text('Relire')")
    axe(page)
    assert page.title().startswith("Erreur")


def test_what_is_typed_comes_back_after_leaving_without_a_word(page):
    page.goto("/questions/poser/?collectivite=commune:46102")
    page.check("[name=who][value=elu]")
    page.click("text=Continuer")
    with page.expect_response(re.compile("proches")):
        page.fill("#id_subject", SUBJECT)
    page.goto("/questions/poser/")
    page.click("text=Reprendre votre brouillon")
    assert page.input_value("#id_subject") == SUBJECT
    before = sum(Sufficed.objects.values_list("times", flat=True))
    page.locator("[data-near-here] summary").first.click()
    page.click("text=Cela me suffit")
    assert "tant mieux" in heading(page)
    assert sum(Sufficed.objects.values_list("times", flat=True)) == before + 1


def test_going_back_and_sending_again_is_the_same_question(page):
    page.goto("/questions/poser/?collectivite=commune:46102")
    page.check("[name=who][value=autre]")
    page.click("text=Continuer")
    page.fill("#id_subject", SUBJECT)
    page.click(".btn-group button:has-text('Relire')")
    for field, text in (("first_name", "Anne"), ("last_name", "Roy"), ("email", "retour@exemple.fr")):
        page.fill(f"#id_{field}", text)
    page.click(".btn-group button:has-text('Envoyer')")
    page.wait_for_selector("text=Encore un pas")
    page.go_back()
    page.wait_for_load_state()
    if page.locator(".btn-group button:has-text('Envoyer')").count():
        page.click(".btn-group button:has-text('Envoyer')")
    assert heading(page).startswith("Encore un pas")
    assert Inquiry.objects.filter(email="retour@exemple.fr").count() == 1


def test_a_first_visit_is_light(cold_load):
    traffic = cold_load("/questions/poser/")
    assert traffic.requests <= 12, traffic.urls
    assert traffic.transferred <= 150_000, traffic

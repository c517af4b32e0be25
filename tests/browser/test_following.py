"""Following one's questions in a real browser: with the keyboard alone, without script, on a phone."""

from dataclasses import dataclass

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from accounts.permissions import Duty
from inquiries import actions
from inquiries.models import Draft, Inquiry
from territories.models import Collectivity
from tests.accounts.factories import make_membership, make_user
from tests.browser.test_accounts import committed, tab_to
from tests.inquiries.factories import answered, detail_asked, make_inquiry

MINE = reverse("inquiries:mine")
LONG = f"Peut-on prêter la salle polyvalente intercommunale {'anticonstitutionnellement' * 3} ?"


@dataclass
class Followed:
    """A question that waits for a detail, in the browser of its asker."""

    inquiry: Inquiry
    adviser: User
    cookie: dict[str, str]

    def address(self, name):
        return reverse(f"inquiries:{name}", args=[self.inquiry.number])


@pytest.fixture
def followed(site):
    """Among others in every state that shows, of somebody confirmed in a commune."""

    def make():
        place = Collectivity.objects.get(key="commune:46102")
        adviser = make_user(first_name="Aline", last_name="Conseil-de-la-Très-Longue-Vallée", duties=[Duty.ADVISER])
        person = make_user(first_name="Hélène", last_name="Rouvière")
        make_membership(person, place)
        actions.withdraw(make_inquiry(person, place), by=person)
        answered(make_inquiry(person, place), adviser)
        Draft.objects.create(owner=person, typed={"subject": LONG})
        inquiry = make_inquiry(person, place, subject=LONG)
        actions.claim(inquiry, by=adviser)
        detail_asked(inquiry, adviser, "Un point : *lequel* ?\n\n- le premier ;\n- le second.")
        client = Client()
        client.force_login(person)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        return Followed(inquiry, adviser, {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site})

    return committed(make)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (768, False), (375, True), (320, False)])
def test_the_pages_fit_and_break_no_rule(open_page, axe, followed, width, dark):
    page = open_page(width=width, dark=dark)
    page.context.add_cookies([followed.cookie])
    tabs = [f"{MINE}?etat={word}" for word in ("closes", "brouillons", "collectivite")]
    for address in [MINE, *tabs, followed.address("thread"), followed.address("rate")]:
        page.goto(address)
        expect(page.locator("h1")).not_to_have_text("Se connecter")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        axe(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-script", "without-script"])
def test_reply_rate_and_close_with_the_keyboard_on_a_phone(open_page, followed, scripts):
    page = open_page(width=375, height=812, scripts=scripts)
    page.context.add_cookies([followed.cookie])
    page.goto(MINE)
    tab_to(page, f".alert a[href='{followed.address('thread')}']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Peut-on prêter")
    tab_to(page, "#id_text")
    page.keyboard.type("Le premier.")
    tab_to(page, ".composer button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre message est envoyé.")).to_be_visible()
    expect(page.locator(".meta-line .state")).to_have_text("En cours")

    committed(lambda: answered(followed.inquiry, followed.adviser))
    page.goto(f"{followed.address('rate')}?note=4")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Merci, votre avis est enregistré.")).to_be_visible()
    expect(page.get_by_text("Vous avez noté la réponse")).to_contain_text("4 sur 5")
    tab_to(page, f"form[action='{followed.address('solve')}'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre question est close.")).to_be_visible()
    expect(page.locator(".meta-line .state")).to_have_text("Close")


def test_what_was_typed_comes_back_with_the_error_on_top(open_page, followed):
    page = open_page(scripts=False)
    page.context.add_cookies([followed.cookie])
    page.goto(followed.address("thread"))
    page.locator("#id_text").fill("a" * 5001)
    page.locator(".composer button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value("a" * 5001)
    assert page.title().startswith("Erreur")

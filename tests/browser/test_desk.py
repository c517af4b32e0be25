"""The advisers’ pages in a real browser: with the keyboard alone, without script, on a phone."""

import time
from itertools import count

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.permissions import Duty
from inquiries import actions
from inquiries.models import Inquiry, State
from territories.models import Collectivity
from tests.browser.test_accounts import committed, digits_for, tab_to
from tests.inquiries.factories import answered, detail_asked, make_identity, make_question, replied

numbers = count(1)
LONG = (
    "Le conseil municipal peut-il délibérer sur la vente d’un terrain quand un adjoint est le frère de l’acheteur ? "
    * 2
)


def make_desk(email):
    """An adviser, with a question of each kind: new, theirs with everything on it, waiting for a detail, answered."""
    adviser = User.objects.create_user(email, first_name="Aline", last_name="Conseil", duties=[Duty.ADVISER])
    figeac, lot = (Collectivity.objects.get(key=key) for key in ("commune:46102", "departement:46"))

    def logged(name, place=figeac, **fields):
        identity = make_identity(email=email, phone="05 65 00 00 00")
        key = f"{email}-{name}"
        question = make_question(place, **fields)
        return actions.log_call(question, identity, channel="telephone", answer="", by=adviser, key=key)[0]

    full = logged("full", lot, subject=LONG[:200], text=LONG * 5)
    actions.note(full, "Article 9 : `à vérifier`.\n\n- un\n- deux", by=adviser, key=f"{email}-note")
    detail_asked(logged("stopped"), adviser)
    answered(logged("answered"), adviser)
    free = logged("free", subject="Qui tient l’état civil d’une commune déléguée ?")
    actions.hand_over(free, None, seen=adviser, by=adviser)
    return full.number, free.number


@pytest.fixture
def desk(open_page):
    """desk(scripts=False): a page on which an adviser is signed in, and the numbers of two questions."""

    def enter(**options):
        email = f"bureau{next(numbers)}-{time.monotonic_ns()}@portail.exemple"
        known = committed(lambda: make_desk(email))
        page = open_page(**options)
        page.goto("/connexion/")
        page.locator("#id_email").fill(email)
        page.locator("#id_email").press("Enter")
        page.locator("#id_digits").fill(digits_for(email))
        page.locator("#id_digits").press("Enter")
        expect(page.locator("h1")).to_have_text("Mon compte")
        return page, *known

    return enter


def press(page, name):
    """Go to a button or a link as a keyboard does, and follow it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()").startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is out of reach of the Tab key")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_accessible_and_fits(desk, axe, dark):
    page, full, free = desk(dark=dark)
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    paths = [
        "/bureau/",
        "/bureau/?etat=toutes&conseiller=moi",
        "/bureau/?retard=1&theme=inconnu&numero=999999",
        f"/bureau/questions/{full}/",
        f"/bureau/questions/{free}/?conseiller=personne",
        f"/bureau/questions/{full}/classer/",
        "/bureau/appel/",
        f"/bureau/appel/{full}/",
    ]
    for path in paths:
        assert page.goto(path).status == 200
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            axe(page)
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    for path in (f"/bureau/questions/{full}/classer/", "/bureau/appel/"):
        page.goto(path)
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator(".error-summary")).to_be_visible()
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            axe(page)
    assert console == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with-script", "without-script"])
def test_claimed_and_answered_with_the_keyboard(desk, scripts):
    page, _, number = desk(scripts=scripts)
    page.goto("/bureau/")
    tab_to(page, "#id_numero")
    page.keyboard.type(number.lower())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Qui tient l’état civil d’une commune déléguée ?")
    press(page, "Prendre cette question")
    expect(page.locator("main")).to_contain_text("Vous suivez cette question.")
    tab_to(page, "#id_text")
    page.keyboard.type("La **mairie déléguée**.")
    press(page, "Aperçu")
    expect(page.locator("#apercu strong")).to_have_text("mairie déléguée")
    expect(page.locator("#id_text")).to_have_value("La **mairie déléguée**.")
    press(page, "Envoyer la réponse")
    expect(page.locator("main")).to_contain_text("Votre réponse est envoyée.")
    expect(page.locator(".msg--agent strong")).to_have_text("mairie déléguée")
    assert Inquiry.objects.get(number=number).state == State.ANSWERED


def test_a_message_that_came_meanwhile_is_read_before_the_answer_leaves(desk):
    page, number, _ = desk()
    page.goto(f"/bureau/questions/{number}/")
    page.locator("#id_text").fill("Ma longue réponse.")
    committed(lambda: replied(Inquiry.objects.get(number=number), None, "J’oubliais : il y a un bail."))
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_role("alert")).to_contain_text("Un message est arrivé")
    expect(page.locator("#id_text")).to_have_value("Ma longue réponse.")
    expect(page.locator(".msg", has_text="Nouveau")).to_contain_text("il y a un bail")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.locator("main")).to_contain_text("Votre réponse est envoyée.")


def test_a_preview_that_does_not_come_is_asked_for_by_the_form(desk):
    page, number, _ = desk()
    page.goto(f"/bureau/questions/{number}/")
    page.locator("#id_text").fill("Ma **longue** réponse.")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("h1")).to_have_text("Votre session a pris fin")
    expect(page.locator("main textarea")).to_have_value("Ma **longue** réponse.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-script", "without-script"])
def test_a_call_is_logged_with_the_keyboard(desk, scripts):
    page, *_ = desk(scripts=scripts, width=375)
    page.goto("/bureau/appel/")
    tab_to(page, "#id_collectivity")
    if scripts:
        page.keyboard.type("figea")
        expect(page.locator(".combo__list [role=option]").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("[data-verdict-here]")).to_contain_text("Service ouvert.")
    else:
        page.keyboard.type("46100")
    tab_to(page, "#id_last_name")
    page.keyboard.type("Rouvière")
    tab_to(page, "#id_subject")
    page.keyboard.type("Peut-on prêter la salle des fêtes ?")
    page.keyboard.press("Enter")
    if not scripts:
        expect(page.get_by_role("group", name="Laquelle est-ce")).to_be_visible()
        page.get_by_role("radio", name="Figeac").first.check()
        page.get_by_role("button", name="Enregistrer l’appel").press("Enter")
    expect(page.locator("h1")).to_contain_text("Appel noté : Q-")
    press(page, "Autre appel")
    expect(page.locator("#id_subject")).to_have_value("")

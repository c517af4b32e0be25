"""Signing in and keeping one's account, in a real browser: with the keyboard alone, and without script."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Membership, User
from accounts.permissions import Duty
from jobs.models import Mail
from territories.models import Collectivity
from tests.accounts.factories import mailed_digits

numbers = count(1)


@pytest.fixture
def email():
    """An address of its own for each test: the database is shared, and codes are counted."""
    return f"visite{next(numbers)}-{time.monotonic_ns()}@mairie.exemple"


def tab_to(page, selector):
    """Go to an element as a keyboard does, however many steps it takes."""
    for _ in range(40):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is out of reach of the Tab key")


def digits_for(email):
    return mailed_digits(Mail.objects.filter(to=email).latest("pk"))


def declare_with_the_keyboard(page, *, scripts):
    """On a phone: proposals while typing with scripts, radio buttons on the next page without."""
    page.set_viewport_size({"width": 375, "height": 812})
    tab_to(page, "#id_collectivity")
    page.keyboard.type("figea")
    if scripts:
        expect(page.locator(".combo__list [role=option]").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#id_collectivity")).to_have_value("Figeac (46)")
    else:
        page.keyboard.press("Enter")
        expect(page.get_by_role("group", name="Laquelle est-ce")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        tab_to(page, "input[name=collectivity_cle]")
        page.keyboard.press("Space")
    page.locator("#id_function").select_option("maire")
    page.locator("#id_function").press("Tab")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-script", "without-script"])
def test_a_newcomer_signs_in_with_the_keyboard(open_page, email, scripts):
    page = open_page(scripts=scripts)
    page.goto("/")
    tab_to(page, "a[href='/connexion/']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Se connecter")
    tab_to(page, "#id_email")
    page.keyboard.type("une adresse")
    page.keyboard.press("Enter")
    expect(page.locator("#id_email_error")).to_contain_text("adresse électronique complète")
    expect(page.locator("#id_email")).to_have_value("une adresse")
    page.locator("#id_email").fill("")
    page.locator("#id_email").press_sequentially(email)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Recopier le code")
    right = digits_for(email)
    tab_to(page, "#id_digits")
    page.keyboard.type("0000 0000" if right != "0000 0000" else "1111 1111")
    page.keyboard.press("Enter")
    expect(page.locator("#id_digits_error")).to_contain_text("Ce code n’est pas le bon")
    page.locator("#id_digits").fill("")
    page.locator("#id_digits").press_sequentially(right)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Bienvenue")
    tab_to(page, "#id_first_name")
    page.keyboard.type("Élise")
    page.keyboard.press("Tab")
    page.keyboard.type("Élue")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Mon compte")
    expect(page.locator("dl")).to_contain_text("Élise Élue")
    tab_to(page, "a[href='/compte/collectivites/ajouter/']")
    page.keyboard.press("Enter")
    declare_with_the_keyboard(page, scripts=scripts)
    expect(page.locator("main")).to_contain_text("Figeac")
    expect(page.locator(".state")).to_have_text("À confirmer")


def committed(make):
    """Run on a connection of its own: what the test itself writes is in a transaction that the site does not see."""

    def run():
        try:
            return make()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def make_team(email):
    """An adviser, confirmed in Figeac, where somebody else waits to be."""
    person = User.objects.create_user(email, first_name="Aline", last_name="Conseil", duties=[Duty.ADVISER])
    other = User.objects.create_user(f"autre-{email}", first_name="Ali", last_name="Autre", duties=[Duty.ADVISER])
    figeac = Collectivity.objects.get(key="commune:46102")
    confirmed = {"state": "confirme", "confirmed_at": timezone.now(), "confirmed_by": other}
    Membership.objects.create(person=person, collectivity=figeac, function="adjoint", **confirmed)
    Membership.objects.create(person=other, collectivity=figeac, function="agent")


@pytest.fixture
def signed_in(open_page, email):
    """A page on which an adviser is signed in, with something of everything to show."""
    committed(lambda: make_team(email))
    page = open_page()
    page.goto("/connexion/")
    page.locator("#id_email").fill(email)
    page.locator("#id_email").press("Enter")
    page.locator("#id_digits").fill(digits_for(email))
    page.locator("#id_digits").press("Enter")
    expect(page.locator("h1")).to_have_text("Mon compte")
    return page


ACCOUNT_PAGES = [
    "/compte/",
    "/compte/profil/",
    "/compte/collectivites/ajouter/",
    "/compte/rattachements/",
    "/compte/verification/",
    "/compte/adresse/",
    "/compte/mot-de-passe/",
    "/compte/supprimer/",
    "/deconnexion/",
]


def test_every_page_of_the_account_is_accessible_and_fits(signed_in, axe):
    page = signed_in
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    membership = Membership.objects.filter(state="confirme").latest("pk")
    for path in [*ACCOUNT_PAGES, f"/compte/collectivites/{membership.pk}/quitter/"]:
        assert page.goto(path).status == 200
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            axe(page)
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.goto("/compte/collectivites/ajouter/")
    page.locator("#id_collectivity").fill("saint-martin")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("group", name="Laquelle est-ce")).to_be_visible()
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
    assert console == []


def test_every_step_of_signing_in_is_accessible_with_and_without_errors(open_page, axe, email):
    page = open_page()
    steps = [("/connexion/", "#id_email", "faux"), ("/connexion/mot-de-passe/", "#id_email", email)]
    for path, field, wrong in steps:
        page.goto(path)
        axe(page)
        page.locator(field).fill(wrong)
        page.locator(field).press("Enter")
        expect(page.locator(".error-summary")).to_be_visible()
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            axe(page)
    page.goto("/connexion/")
    page.locator("#id_email").fill(email)
    page.locator("#id_email").press("Enter")
    axe(page)
    page.locator("#id_digits").fill("12")
    page.locator("#id_digits").press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    axe(page)


def test_results_of_the_positioning_are_kept_compared_and_deleted(signed_in, axe):
    page = signed_in

    def check():
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            axe(page)
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url

    for given, name in ((0, "Avant les élections"), (2, "Après")):
        page.goto("/positionnement/commencer/")
        for _ in range(3):
            page.get_by_role("radio").nth(given).check()
            page.get_by_role("button", name="Valider ma réponse").click()
            page.locator(".quiz .btn").first.click()
        page.get_by_role("link", name="Garder ou partager").click()
        page.get_by_label("Nom de ce résultat").fill(name)
        page.get_by_role("button", name="Enregistrer ce résultat").click()
        expect(page.locator("main")).to_contain_text("Votre résultat est enregistré.")
    check()
    page.get_by_role("link", name="Tous mes résultats").click()
    check()
    page.get_by_label("Le premier").select_option(index=2)
    page.get_by_label("Le second").select_option(index=1)
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("table", name="Postures, sur 100").get_by_role("row")).to_have_count(4)
    check()
    page.get_by_role("link", name="Revenir à mes résultats").click()
    page.get_by_role("link", name="Supprimer : Après").click()
    check()
    page.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_role("link", name=re.compile("^Avant les élections"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Après"))).to_have_count(0)

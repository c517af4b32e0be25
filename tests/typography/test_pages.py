"""No page shows a straight apostrophe, nor a plain space where French wants a no-break one."""

from html.parser import HTMLParser

import pytest
from django.conf import settings as project
from django.template.loader import render_to_string

from experiences.models import Experience
from tests.addresses import addresses
from tests.browser.pages import PAGES
from typography.french import faults

READ_ATTRIBUTES = {"title", "alt", "aria-label", "placeholder"}
NOT_READ = {"script", "style", "code", "pre", "kbd", "textarea"}
INLINE = {"a", "abbr", "b", "cite", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "time", "wbr"}


class Reading(HTMLParser):
    """What people read in a page, one line for each block, and what they hear or see of its attributes."""

    def __init__(self, html):
        super().__init__()
        self.lines, self.line, self.silent = [], "", 0
        self.feed(html)
        self.cut()

    def cut(self):
        if self.line.strip():
            self.lines.append(" ".join(self.line.split(" ")).strip(" "))
        self.line = ""

    def handle_starttag(self, tag, attrs):
        self.silent += tag in NOT_READ
        if tag not in INLINE:
            self.cut()
        self.lines += [value for name, value in attrs if name in READ_ATTRIBUTES and value]
        self.lines += [value for name, value in attrs if name == "content" and ("name", "description") in attrs]

    def handle_endtag(self, tag):
        self.silent -= tag in NOT_READ
        if tag not in INLINE:
            self.cut()

    def handle_data(self, data):
        if not self.silent:
            self.line += data.translate(str.maketrans("\n\t\r", "   "))


def reproaches(html):
    return [fault for line in Reading(html).lines for fault in faults(line)]


def test_public_pages(client, content, settings):
    settings.DEBUG = True  # so that the page of components is there too
    sheets = [experience.get_absolute_url() for experience in Experience.objects.all()]
    wrong = {}
    for address in [*PAGES, *addresses().values(), *sheets]:
        response = client.get(address)
        if response["Content-Type"].startswith("text/html"):
            wrong[address] = reproaches(response.content.decode())
    assert {address: found for address, found in wrong.items() if found} == {}


def test_error_pages():
    lost = {
        "typed": ["Un texte", "Un autre"],
        "form_address": "/formulaire/",
        "sign_in": "/connexion/",
        "is_adviser": False,
    }
    for template in sorted((project.BASE_DIR / "templates" / "errors").glob("[!_]*.html")):
        assert reproaches(render_to_string(f"errors/{template.name}", lost)) == [], template.name


@pytest.mark.parametrize(
    "html",
    [
        "<p>l'eau</p>",
        "<p>L’eau\n ? </p>",
        "<p>L’<b>eau</b> : bleue</p>",
        "<p>« eau\u00a0»</p>",
        '<img alt="l\'eau">',
        '<input placeholder="quoi ?">',
        '<meta name="description" content="l\'eau">',
    ],
)
def test_a_fault_is_found_in_html(html):
    assert len(reproaches(html)) == 1


def test_code_scripts_and_addresses_are_not_read():
    html = "<script>a = 'b' ;</script><style>a : b</style><code>x ; y</code><a href='/l'>https://exemple.fr/l'eau</a>"
    assert reproaches(html) == []

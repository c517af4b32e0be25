"""Screenshots of the main pages, for `make shots`, of a portal that is running: its address is the argument."""

import re
import sys
from pathlib import Path

from django.utils.text import slugify
from playwright.sync_api import sync_playwright

from tests.browser.chromium import ARGUMENTS, chromium_path
from tests.browser.pages import PAGES

FOLDER = Path("var/shots")
WIDTHS = (1280, 375)


def shoot(base_url: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900}, base_url=base_url, locale="fr-FR")
            for path in PAGES:
                page.goto(path, wait_until="networkidle")
                name = slugify(re.sub(r"\W+", "-", path)) or "accueil"
                target = FOLDER / f"{name}-{width}.png"
                page.screenshot(path=target, full_page=True)
                sys.stdout.write(f"{target}\n")
        browser.close()


if __name__ == "__main__":
    shoot(sys.argv[1])

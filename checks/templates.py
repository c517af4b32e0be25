"""The Content-Security-Policy allows no inline script, style or handler: none is written."""

import re
from html.parser import HTMLParser
from pathlib import Path

from checks.tracked import files

COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}")
JAVASCRIPT = {"", "module", "text/javascript", "application/javascript", "importmap", "speculationrules"}


def _without_django(text: str) -> str:
    """The HTML alone, lines kept; a quote inside a tag of Django would otherwise close the attribute around it."""
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    return TAG.sub(" ", text)


class _InlineCode(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        names = {name for name, _ in attrs}
        kind = (dict(attrs).get("type") or "").strip().lower()
        if tag == "style":
            self.found.append((line, "a <style> element"))
        if tag == "script" and "src" not in names and kind in JAVASCRIPT:
            self.found.append((line, "a <script> without src"))
        for name, value in attrs:
            if name == "style":
                self.found.append((line, "a style attribute"))
            if re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
                self.found.append((line, f"the handler {name}"))
            if value and re.match(r"\s*(javascript|js)\s*:", value, re.IGNORECASE):
                self.found.append((line, f"code in {name}"))


def check(root: Path) -> list[str]:
    problems = []
    for file in files(root):
        if file.suffix in {".html", ".svg"} and "templates" in file.parts:
            parser = _InlineCode()
            parser.feed(_without_django((root / file).read_text(encoding="utf-8")))
            parser.close()
            problems += [f"{file}:{line}: {what}" for line, what in parser.found]
    return problems

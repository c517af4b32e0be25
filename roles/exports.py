"""Tables for a spreadsheet: as French ones open them, with no cell that they would take for a formula."""

import csv
import io
import re

from . import answers

BOM = "\ufeff"
# At the start of a text, or of what a spreadsheet set to another separator would take for a cell.
FORMULA = re.compile(r"""(^|[;,|"\t\r\n])(?=\s*[=+\-@]|[\t\r])""")
HEADER = ["version", "question", "texte de la question", "réponse", "texte de la réponse", "nombre", "pour cent"]


def answers_csv(version):
    """How many times each answer of a version was given; questions below the threshold have no row."""
    spreads = answers.spreads(version.questions.all())
    rows = [
        [version.number, question.key, question.text, *_answer(share.option), share.count, share.percent]
        for question in version.questions.all()
        if (spread := spreads[question.pk])
        for share in spread.shares
    ]
    return table([HEADER, *rows])


def table(rows):
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([_cell(value) for value in row] for row in rows)
    return BOM + text.getvalue()


def _answer(option):
    return (option.key, option.text) if option else ("", "Ne sait pas")


def _cell(value):
    """A text that a spreadsheet would compute is preceded by an apostrophe, which it hides."""
    return FORMULA.sub(r"\1'", value) if isinstance(value, str) else value

"""The one look of a form: label, hint, error, control, in this order and tied to each other."""

from html.parser import HTMLParser

import pytest
from django import forms

from design.forms import SampleForm


class Elements(HTMLParser):
    """The elements of a fragment, each with its attributes and its text."""

    def __init__(self, html):
        super().__init__()
        self.found: list[dict] = []
        self.open: list[dict] = []
        self.feed(html)
        for element in self.found:
            element["text"] = element["text"].strip()

    def handle_startendtag(self, tag, attrs):
        self.found.append({"tag": tag, "text": "", **dict(attrs)})

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        self.found.append(element)
        if tag != "input":
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open and self.open.pop()["tag"] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def one(self, **attrs):
        (element,) = [e for e in self.found if all(e.get(name) == value for name, value in attrs.items())]
        return element


def rendered(form):
    return Elements(str(form))


@pytest.fixture
def sample():
    return rendered(SampleForm())


@pytest.fixture
def refused():
    return rendered(SampleForm(data={}))


def test_a_field_is_labelled_and_described_by_its_hint(sample):
    control = sample.one(name="summary")
    assert sample.one(tag="label", **{"for": control["id"]})["text"] == "En une phrase"
    assert sample.one(id=control["aria-describedby"])["text"] == "Comme vous la poseriez au téléphone."
    assert "aria-invalid" not in control


def test_only_optional_fields_say_so(sample):
    assert sample.one(tag="label", **{"for": "id_detail"})["text"] == "Le contexte utile (facultatif)"
    assert sample.one(tag="label", **{"for": "id_theme"})["text"] == "Thème"


def test_a_refused_field_is_marked_and_described_by_its_hint_then_its_error(refused):
    control = refused.one(name="summary")
    assert control["aria-invalid"] == "true"
    hint, error = (refused.one(id=name) for name in control["aria-describedby"].split())
    assert (hint["class"], error["class"]) == ("hint", "error")
    assert error["text"] == "Écrivez votre question en une phrase."
    order = [e.get("id") for e in refused.found]
    assert order.index(hint["id"]) < order.index(error["id"]) < order.index(control["id"])


def test_choices_are_a_group_with_a_legend_described_by_its_error(refused):
    groups = [e for e in refused.found if e["tag"] == "fieldset"]
    assert [e["text"] for e in refused.found if e["tag"] == "legend"] == [
        "Phase du projet",
        "Comment vous répondre (facultatif)",
    ]
    assert refused.one(id=groups[0]["aria-describedby"])["text"] == "Choisissez une phase."
    choice = refused.one(id="id_phase_0")
    assert refused.one(tag="label", **{"for": choice["id"]})["text"] == "Émergence"


def test_the_summary_repeats_each_error_and_leads_to_its_field(refused):
    summary = refused.one(**{"class": "error-summary"})
    assert (summary["tabindex"], summary["role"]) == ("-1", "group")
    assert "autofocus" in summary
    links = [e for e in refused.found if e["tag"] == "a"]
    assert [(e["href"], e["text"]) for e in links] == [
        ("#id_summary", "Écrivez votre question en une phrase."),
        ("#id_theme", "Choisissez un thème."),
        ("#id_phase_0", "Choisissez une phase."),
        ("#id_consent", "Cochez cette case pour continuer."),
    ]
    for link in links:
        assert refused.one(id=link["href"][1:])


def test_a_form_without_error_has_no_summary(sample):
    assert not [e for e in sample.found if e.get("class") == "error-summary"]


@pytest.mark.parametrize(
    ("name", "css"),
    [("summary", "input"), ("detail", "textarea"), ("theme", "select"), ("document", "input"), ("consent", None)],
)
def test_each_control_has_its_look(sample, name, css):
    assert sample.one(name=name).get("class") == css


def test_an_error_of_the_whole_form_is_in_the_summary():
    class Period(forms.Form):
        start = forms.IntegerField(label="Début")

        def clean(self):
            raise forms.ValidationError("La fin précède le début.")

    assert "La fin précède le début." in rendered(Period(data={"start": "1"})).one(**{"class": "error-summary"})["text"]


def test_what_was_typed_comes_back_escaped():
    html = str(SampleForm(data={"summary": '"><script>', "detail": "</textarea><script>"}))
    assert "<script>" not in html

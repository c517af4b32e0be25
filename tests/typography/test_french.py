import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from typography.french import faults, number, sentence, typo, typo_html


def shown(text):
    """No-break spaces made visible: ~ for U+00A0, _ for U+202F."""
    return text.replace("\u00a0", "~").replace("\u202f", "_")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("l'eau d'aujourd'hui", "l’eau d’aujourd’hui"),
        ("le mot 'vivre' ici", "le mot ‘vivre’ ici"),
        ("Pourquoi ? Ainsi ! Puis ; donc : fin", "Pourquoi_? Ainsi_! Puis_; donc~: fin"),
        ("Pourquoi? Ainsi! Puis; donc: fin", "Pourquoi_? Ainsi_! Puis_; donc~: fin"),
        ("Vraiment ?!", "Vraiment_?!"),
        ("84 % et 84%", "84_% et 84_%"),
        ("5 000 €, 1 200 000 euros", "5_000_€, 1_200_000~euros"),
        ("en 2016 120 emplois", "en 2016 120 emplois"),
        ("01 99 00 12 34", "01 99 00 12 34"),
        ("10 h 12, 3 km, 12 ha, 250 kWh", "10~h~12, 3~km, 12~ha, 250~kWh"),
        ("2 M€ pour 900 habitants", "2~M€ pour 900~habitants"),
        ("de 5 l'eau", "de 5 l’eau"),
        ("n° 12, art. L. 5211-1, art.5, L.1111-2", "n°~12, art.~L.~5211-1, art.~5, L.~1111-2"),
        ("« bio » et «local»", "«~bio~» et «~local~»"),
        ('un "circuit court" ici', "un «~circuit court~» ici"),
        ('un " seul guillemet', 'un " seul guillemet'),
        ("ouvert à 10:30", "ouvert à 10:30"),
        ("une ligne\n: une autre", "une ligne\n: une autre"),
        ("https://exemple.fr/a?b=l'eau;c : là", "https://exemple.fr/a?b=l'eau;c~: là"),
        ("exemple.fr/page?n=1 ; a.b@exemple.fr ?", "exemple.fr/page?n=1_; a.b@exemple.fr_?"),
        ("le code `x = 'a' ; y` ici", "le code `x = 'a' ; y` ici"),
    ],
)
def test_keyboard_text_becomes_right_french(typed, expected):
    assert shown(typo(typed)) == expected


def test_html_keeps_its_tags_and_references():
    html = '<p class="a">L&#x27;eau &amp; l\'air : <a href="/x?y=\'1\'">ici</a> ? <code>a ; b</code></p>'
    assert shown(typo_html(html)) == (
        '<p class="a">L’eau &amp; l’air~: <a href="/x?y=\'1\'">ici</a>_? <code>a ; b</code></p>'
    )


def test_the_filter_leaves_escaping_to_the_template():
    template = Template("{% load typography %}{{ text|typo }}|{{ html|typo }}")
    context = Context({"text": "<b>l'eau & l'air</b>", "html": mark_safe("<b>l'eau &amp; l'air</b>")})
    assert template.render(context) == "&lt;b&gt;l’eau &amp; l’air&lt;/b&gt;|<b>l’eau &amp; l’air</b>"


FRENCH = st.text(alphabet=list("aéL7 0:;!?%€«»'\"\u00a0\u202f\n.,()-hnm°’@/`\ue000"), max_size=60)


@given(FRENCH)
def test_once_right_text_stays_as_it_is(text):
    assert typo(typo(text)) == typo(text)


@given(FRENCH)
def test_no_word_is_lost(text):
    letters = [c for c in text if c.isalnum()]
    assert [c for c in typo(text) if c.isalnum()] == letters


@given(FRENCH.filter(lambda text: '"' not in text))
def test_nothing_to_reproach_once_it_went_through(text):
    assert faults(typo(text)) == []


@pytest.mark.parametrize(
    "text", ["l'eau", "quoi ?", "donc : fin", "«\u00a0bio »", "« bio\u00a0»", "84 %", "12 000 communes", '5" de bois']
)
def test_a_fault_is_found(text):
    assert len(faults(text)) == 1


def test_right_text_has_no_fault():
    assert faults("L’eau\u202f: 12\u202f000\u00a0m³\u202f; «\u00a0bio\u00a0»\u202f? https://exemple.fr/l'eau") == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.51, "1,51"), (12000, "12_000"), ("270.00", "270"), (0, "0"), (-1234567.5, "−1_234_567,5"), (100, "100")],
)
def test_numbers(value, expected):
    assert shown(number(value)) == expected


def test_number_with_a_chosen_precision_and_absent_number():
    template = Template("{% load typography %}{{ 1.5|number:2 }}|{{ missing|number }}")
    assert template.render(Context({"missing": None})) == "1,50|"


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("achète la récolte", "achète la récolte."),
        ("Elle paie. ", "Elle paie."),
        ("Pourquoi ?", "Pourquoi ?"),
        ("", ""),
    ],
)
def test_a_sentence_has_one_full_stop(text, closed):
    assert sentence(text) == closed

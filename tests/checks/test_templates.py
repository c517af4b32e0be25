import pytest

from checks.templates import check


def problems(tree, text):
    return check(tree({"templates/page.html": text}))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<p>\n<b style='color: red'>", "2: a style attribute"),
        ("<style>p { color: red }</style>", "1: a <style> element"),
        ("<script>alert(1)</script>", "1: a <script> without src"),
        ("<script type='module'>import './x.js'</script>", "1: a <script> without src"),
        ("<button onclick='go()'>", "1: the handler onclick"),
        ("<BUTTON ONCLICK='go()'>", "1: the handler onclick"),
        ("<div hx-on:click='go()'>", "1: the handler hx-on:click"),
        ("<a href=' JavaScript:go()'>", "1: code in href"),
        ("<div hx-vals='js:{a: b()}'>", "1: code in hx-vals"),
        ("<svg><path style='fill: red'/></svg>", "1: a style attribute"),
        ('<a href="{% url "home" %}"\n{% if x %}style="{{ x }}"{% endif %}>', "1: a style attribute"),
        ("{# a comment\n#}{% comment %}\n{% endcomment %}<p onload=x>", "3: the handler onload"),
    ],
)
def test_inline_code_is_told_with_its_line(tree, text, what):
    assert problems(tree, text) == [f"templates/page.html:{what}"]


@pytest.mark.parametrize(
    "text",
    [
        '<script src="{% static "js/menu.js" %}" defer></script>',
        '<script type="application/ld+json">{"@type": "Article"}</script>',
        "<p>Écrivez style='color: red' ou onclick='go()' : rien ne se passe.</p>",
        "{# <p style='color: red'> #}{% comment %}<script>x</script>{% endcomment %}",
        "<a href='/javascript/'>Le langage</a>",
    ],
)
def test_the_rest_is_not_told(tree, text):
    assert problems(tree, text) == []

"""What a text finds."""

import pytest
from django.core.exceptions import ValidationError

from search import engine, indexing, meaning
from search.models import Document, Synonym, Version
from search.registry import Place, Places


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch):
    """By words alone, as where the encoder is not installed: its import fails for real."""
    monkeypatch.setattr(meaning, "PACKAGE", "a_package_that_is_not_installed")
    monkeypatch.setattr(engine, "encoder", meaning.Encoder())


@pytest.fixture(autouse=True)
def no_places(monkeypatch):
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: None))


def titles(keys):
    known = Document.objects.in_bulk(keys)
    return [known[key].title for key in keys]


def find(text):
    found = engine.find("note", text)
    return titles(found.strict), titles(found.others)


@pytest.mark.parametrize(
    "text",
    [
        "crèche",
        "CRECHES",
        "l’éco-construction",
        "l'eco construction",
        "écoconstruction",
        "qu’une crèche",
        "l'eau",
        "d’eaux",
        "loos-en-gohelle",
        "Loos en Gohelle",
        "62750",
    ],
)
def test_accents_plurals_elisions_and_hyphens_do_not_count(shelf, text):
    shelf.put("Une crèche", "Bâtie en éco-construction, près de l’eau.", near="Loos-en-Gohelle 62750", text="La suite")
    shelf.put("Un bistrot", text="Rien de tout cela.")
    indexing.vocabulary.count()
    assert find(text)[0] == ["Une crèche"]


def test_the_title_counts_more_than_the_extract_and_the_extract_more_than_the_rest(shelf):
    shelf.put("Rien", "Rien", text="La laine")
    shelf.put("Rien", "La laine")
    shelf.put("La laine")
    found = engine.find("note", "laine")
    keys = dict(Document.objects.values_list("pk", "key"))
    assert [keys[number] for number in found.strict] == ["3", "2", "1"]


def test_all_the_words_first_then_some_of_them(shelf):
    shelf.put("La laine des moutons")
    shelf.put("La laine")
    shelf.put("Le bois")
    strict, others = find("laine moutons")
    assert strict == ["La laine des moutons"]
    assert others == ["La laine"]


def test_what_lacks_a_word_and_answers_far_better_comes_before(shelf):
    """« Comment garder notre café ouvert ? » is answered by the cafés, not by a crèche that has these words."""
    shelf.put("Une crèche", text="Faire garder les enfants. Le parc est ouvert. Un café est servi.")
    shelf.put("Le dernier café du village, ouvert par les habitants")
    shelf.put("Un café tenu par ses habitants")
    found = engine.find("note", "comment garder notre café ouvert ?")
    assert titles(found.strict) == ["Une crèche"]
    assert titles(found.ahead)[0] == "Le dernier café du village, ouvert par les habitants"
    assert found.ranking == found.ahead + found.strict + found.others
    assert len(set(found.ranking)) == 3


def test_nothing_comes_before_what_has_all_the_words_in_its_title(shelf):
    shelf.put("Un café ouvert le soir")
    shelf.put("Le café, encore le café", "Le café du café", near="café")
    found = engine.find("note", "café ouvert")
    assert found.ahead == []
    assert titles(found.ranking)[0] == "Un café ouvert le soir"


def test_words_in_the_title_count_more_than_one_word_said_often(shelf):
    shelf.put("Passer tout un village au bio", "Le bio, le bio et le bio", text="La cantine aussi.")
    shelf.put("Des cantines 100 % bio")
    assert find("cantine bio")[0][0] == "Des cantines 100 % bio"


def test_a_very_short_word_is_mended_when_it_is_heard_alike(shelf):
    shelf.put("Le bois énergie")
    indexing.vocabulary.count()
    found = engine.find("note", "boi energie")
    assert found.mended == "bois énergie"
    assert titles(found.strict) == ["Le bois énergie"]
    assert engine.find("note", "bio energie").corrections == []


def test_only_the_words_that_were_wrong_are_spelled_again(shelf):
    shelf.put("Une cantine en régie, à l’école")
    indexing.vocabulary.count()
    assert engine.find("note", "cantinne d'Ecole, en regie ?").mended == "cantine d'Ecole, en régie ?"


def test_a_question_in_one_compound_says_nothing(shelf):
    shelf.put("La monnaie locale")
    found = engine.find("note", "peut-on créer une monnaie ?")
    assert [term.typed for term in found.terms] == ["créer", "monnaie"]


def test_a_slip_is_mended_and_said(shelf):
    shelf.put("Une chaufferie au bois")
    indexing.vocabulary.count()
    for slip in ("chauferie", "chauffrie", "chaufefrie", "chofferie"):
        found = engine.find("note", f"{slip} bois")
        assert titles(found.strict) == ["Une chaufferie au bois"], slip
        assert found.is_widened
        assert found.corrections == [engine.Correction(slip, "chaufferie")]
        assert found.mended == "chaufferie bois"


def test_a_word_is_not_mended_into_something_else(shelf):
    shelf.put("Une chaufferie au bois")
    indexing.vocabulary.count()
    found = engine.find("note", "xylophone")
    assert found.is_empty
    assert found.corrections == []
    assert found.unknown == ["xylophone"]


def test_synonyms_are_found_and_a_phrase_is_one(shelf):
    shelf.put("La communauté de communes s’engage")
    shelf.put("Une communauté de moines et deux communes")
    Synonym.objects.create(expressions=["comcom", "communauté de communes"])
    found = engine.find("note", "comcom")
    assert titles(found.strict) == ["La communauté de communes s’engage"]
    assert found.is_widened
    assert found.synonyms == ["communauté de communes"]


@pytest.mark.parametrize("written", ["«\u00a0troquet\u00a0»", "(troquet)", "troquet\u202f!", "'troquet'"])
def test_signs_around_an_expression_do_not_count(shelf, written):
    shelf.put("Un bistrot")
    Synonym.objects.create(expressions=[written, "bistrot,"])
    assert find("troquet")[0] == ["Un bistrot"]


@pytest.mark.parametrize(
    "expressions",
    [
        ["-", "--"],
        ["seul"],
        ["é", "è"],
        ["crèche", "alpha beta gamma delta epsilon zeta iota"],
        ["\\ & | :* <->", "truc"],
    ],
)
def test_a_group_that_could_not_be_found_is_refused(expressions):
    with pytest.raises(ValidationError):
        Synonym(expressions=expressions).full_clean()


def test_even_a_group_of_signs_breaks_no_search(shelf):
    shelf.put("Un truc")
    Synonym.objects.create(expressions=["\\ & | :* <->", "truc"])
    assert find("truc")[0] == ["Un truc"]


def test_a_phrase_typed_finds_its_synonym(shelf):
    shelf.put("Notre comcom")
    Synonym.objects.create(expressions=["comcom", "communauté d’agglomération"])
    assert find("la communauté d’agglomération")[0] == ["Notre comcom"]


def test_what_curators_change_counts_at_once(shelf):
    shelf.put("Un bistrot")
    assert find("troquet") == ([], [])
    group = Synonym.objects.create(expressions=["troquet", "bistrot"])
    assert find("troquet")[0] == ["Un bistrot"]
    group.delete()
    assert find("troquet") == ([], [])


def lot(words, *, is_a_word):
    return Place("departement", "46", "Lot", 1, 2, "/lot/", ("departement:46", "region:76"), is_a_word=is_a_word)


def test_a_place_is_where_the_document_is_not_a_word(shelf, monkeypatch):
    shelf.put("Une crèche", facets=("departement:46", "region:76"))
    shelf.put("Une crèche du lotissement")
    shelf.put("Une crèche en région", facets=("departement:12", "region:76"))
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: lot(words, is_a_word=False)))
    found = engine.find("note", "crèche Lot")
    assert titles(found.strict) == ["Une crèche"]
    assert titles(found.others)[0] == "Une crèche en région"
    assert found.place == lot("", is_a_word=False)


def test_a_place_that_is_also_a_word_loses_nothing_of_the_word(shelf, monkeypatch):
    shelf.put("Une crèche", facets=("departement:46",))
    shelf.put("Un lot de crèches")
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: lot(words, is_a_word=True)))
    found = engine.find("note", "crèche lot")
    assert set(titles(found.strict)) == {"Une crèche", "Un lot de crèches"}
    Document.objects.filter(title="Une crèche").update(facets=[])
    indexing.vocabulary.count()
    found = engine.find("note", "crèche lot")
    assert titles(found.strict) == ["Un lot de crèches"]
    assert found.place is None


def test_a_word_of_a_known_expression_is_no_place(shelf, monkeypatch):
    Synonym.objects.create(expressions=["crèche lot", "micro-crèche"])
    shelf.put("Une crèche, en un lot")
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: lot(words, is_a_word=True)))
    found = engine.find("note", "crèche lot")
    assert titles(found.strict) == ["Une crèche, en un lot"]
    assert found.place is None


def test_a_name_in_several_words_is_also_found_where_it_is_told(shelf, monkeypatch):
    shelf.put("Une crèche", facets=("commune:46251",))
    shelf.put("Une crèche près de Saint-Céré")
    place = Place("commune", "46251", "Saint-Céré", 1, 2, "/lieu/", ("commune:46251",))
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: place))
    assert set(find("crèche saint-céré")[0]) == {"Une crèche", "Une crèche près de Saint-Céré"}


def test_a_name_of_common_words_is_only_told_where_documents_have_the_words(shelf, monkeypatch):
    shelf.put("Un vieux château à restaurer")
    indexing.vocabulary.count()
    place = Place("commune", "99673", "Vieux-Château", 0, 2, "/lieu/", ("commune:99673",), is_a_word=True)
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: place))
    found = engine.find("note", "vieux chateau a restaurer")
    assert titles(found.strict) == ["Un vieux château à restaurer"]
    assert found.place is None
    assert found.namesake == place


def test_a_code_that_several_places_share_is_all_of_them(shelf, monkeypatch):
    shelf.put("Une cantine", facets=("commune:99102",))
    shelf.put("Une autre cantine", facets=("commune:99100",))
    other = Place("commune", "99100", "Faycelles", 1, 2, "/autre/", ("commune:99100",))
    place = Place("commune", "99102", "Figeac", 1, 2, "/lieu/", ("commune:99102",), sharing=(other,))
    monkeypatch.setattr(Places, "find", staticmethod(lambda words: place))
    assert set(find("cantine 46100")[0]) == {"Une cantine", "Une autre cantine"}


def test_archives_and_other_kinds_are_left_out(shelf, monkeypatch):
    shelf.put("La laine", is_listed=False)
    shelf.put("La laine")
    assert len(engine.find("note", "laine").strict) == 1
    assert engine.find("experience", "laine").is_empty
    assert len(engine.find(None, "laine").strict) == 1


HOSTILE = [
    "",
    "   ",
    "!?… « »",
    "le la les de du",
    "a",
    "& | ! : * \\ ' \"",
    "laine & | !",
    "'laine' : * \\",
    "\\",
    "laine\\",
    "laine'",
    "🐑",
    "1234",
    "elue@mairie.exemple",
    "mot " * 100,
    "é" * 3000,
    "a-" * 90,
    "-".join("abcdefghij" * 20),
    "%s %(q)s {0} {exact}",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_anything_may_be_typed(shelf, text):
    shelf.put("La laine des moutons")
    indexing.vocabulary.count()
    found = engine.find("note", text)
    assert len(found.text) <= 200
    engine.suggest(text, each=3)
    if "laine" in text:
        assert "La laine des moutons" in titles(found.ranking)


def test_a_text_is_cut_where_nobody_reads_and_says_so(shelf):
    found = engine.find("note", "laine " * 50)
    assert len(found.text) <= 200
    assert found.is_cut
    assert not engine.find("note", "laine").is_cut


def test_a_search_costs_three_statements_whatever_it_finds(shelf, django_assert_num_queries):
    Synonym.objects.create(expressions=["laine", "toison"])
    for number in range(30):
        shelf.put(f"La laine {number}")
    engine.find("note", "laine")  # reads the synonyms
    with django_assert_num_queries(2):  # no place is looked for here
        assert len(engine.find("note", "laine des moutons à toisons").ranking) == 30


def test_suggestions_complete_the_last_word_in_titles_extracts_and_near_words(shelf):
    shelf.put("Une cantine en régie")
    shelf.put("Un bistrot", near="cantine du soir")
    shelf.put("La laine", text="La cantine est loin.")
    suggested = [suggestion.title for suggestion in engine.suggest("la cant", each=4)]
    assert suggested == ["Une cantine en régie", "Un bistrot"]
    assert [suggestion.title for suggestion in engine.suggest("cantine bi", each=4)] == ["Un bistrot"]
    assert engine.suggest("c", each=4) == []
    assert len(engine.suggest("cant", each=1)) == 1


def test_words_of_the_base_follow_the_documents(shelf):
    words = lambda: set(indexing.vocabulary.Word.objects.values_list("plain", flat=True))  # noqa: E731
    key = shelf.put("Une déchiqueteuse à l’œuvre")
    assert {"dechiqueteuse", "oeuvre"} <= words()
    shelf.items.pop(key)
    indexing.refresh("note", [key])
    indexing.vocabulary.count()
    assert "dechiqueteuse" not in words()


def test_digits_and_the_words_of_a_long_text_are_not_told_to_be_unknown(shelf):
    shelf.put("Une chaufferie au bois")
    assert engine.find("note", "chaufferie 400 zyxwvut").unknown == ["zyxwvut"]
    assert engine.find("note", "chaufferie qzqz wkwk xjxj vbvb").unknown == ["qzqz", "wkwk", "xjxj"]
    assert engine.find("note", "qaqb qcqd qeqf qgqh qiqj qkql qmqn qoqp qqqr").unknown == []


def test_documents_that_a_former_release_wrote_are_written_again_once(shelf):
    key = shelf.put("Une chaufferie au bois")
    Version.objects.filter(name__startswith="forme").delete()
    Document.objects.filter(kind="note", key=key).update(text="d’avant")
    indexing.complete()
    assert Document.objects.get(kind="note", key=key).text != "d’avant"
    Document.objects.filter(kind="note", key=key).update(text="tel quel")
    indexing.complete()
    assert Document.objects.get(kind="note", key=key).text == "tel quel"


def test_so_many_slips_are_mended_and_no_more(shelf):
    shelf.put("La chaufferie")
    indexing.vocabulary.count()
    letters = "bcdghjkmnpq"
    found = engine.find("note", " ".join(f"chaufferi{letter}" for letter in letters))
    assert [correction.typed for correction in found.corrections] == [f"chaufferi{letter}" for letter in letters[:8]]

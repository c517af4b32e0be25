"""Machines on which something is missing: one sentence, and nothing half made."""

import ast
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import cli, environment, errors, processes, stamps
from launcher.errors import LauncherError
from tests.launcher.conftest import ROOT

OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 9, 2, "final", 0)
sys.argv = ["launcher", "run"]
runpy.run_module("launcher", run_name="__main__", alter_sys=False)
"""


def one_sentence(answer, start):
    assert answer.returncode == 1
    assert answer.stderr.startswith(start), answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_an_old_python_can_read_the_entry(name):
    ast.parse((ROOT / "launcher" / name).read_text(), feature_version=(3, 6))


def test_an_old_python_is_told(quiet_clone):
    answer = subprocess.run(
        [sys.executable, "-c", OLD_PYTHON],
        cwd=quiet_clone.folder,
        env={"PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    one_sentence(answer, "Python 3.9 est trop ancien : le portail demande Python 3.11 ou plus récent.")


def test_no_python_at_all(quiet_clone):
    answer = subprocess.run(
        ["make", "run", "PYTHON=python-absent"], cwd=quiet_clone.folder, capture_output=True, text=True, check=False
    )
    assert answer.returncode != 0
    assert answer.stderr.startswith("Python est introuvable")


@pytest.fixture
def bare_clone(quiet_clone):
    """The clone without ready environment: the launcher makes its own."""
    yield quiet_clone
    assert not (quiet_clone.folder / ".venv").exists()


def test_venv_missing(bare_clone, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
    one_sentence(
        bare_clone.call("run", VENV="", PYTHONPATH=str(tmp_path)), "Python est là, mais pas son module ensurepip"
    )


def test_no_network_at_the_first_install(quiet_clone):
    unreachable = "http://127.0.0.1:9/simple"
    answer = quiet_clone.call(
        "run",
        VENV="",
        PIP_CONFIG_FILE="/dev/null",
        PIP_INDEX_URL=unreachable,
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
    )
    one_sentence(answer, "Pas de réseau")
    assert not (quiet_clone.folder / ".venv" / "unfinished").exists()
    assert not list(quiet_clone.folder.glob(".venv/installed-*"))


@pytest.mark.parametrize(("system", "machine"), [("linux", "riscv64"), ("darwin", "arm64")])
def test_a_machine_unknown_to_the_embedded_server(monkeypatch, system, machine):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(environment, "READY_MADE", False)
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(LauncherError, match="DATABASE_URL"):
        cli.install()


@pytest.fixture(scope="module")
def own_environment(tmp_path_factory):
    place = tmp_path_factory.mktemp("own") / "venv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "VENV", place)
        patch.setattr(environment, "PYTHON", place / "bin" / "python")
        patch.setattr(environment, "UNFINISHED", place / "unfinished")
        environment._make()
        yield place


def test_an_interrupted_installation_is_redone(own_environment):
    assert environment._is_usable()
    (own_environment / "unfinished").touch()
    assert not environment._is_usable()
    environment._make()
    assert environment._is_usable()


def test_an_environment_that_lost_a_package_is_redone(own_environment):
    stamps.write(own_environment / "packages", "\n".join(environment._packages()))
    assert environment._is_usable()
    shutil.rmtree(next(own_environment.glob("lib/python*/site-packages/pip")))
    assert not environment._is_usable()
    environment._make()
    assert environment._is_usable()


def test_a_module_that_cannot_be_imported_is_given_a_remedy():
    with pytest.raises(LauncherError, match=r"No module named 'absent'\. Si .* make clean"):
        processes.run_step("essai", [sys.executable, "-c", "import absent"])


def test_the_tools_include_what_runs_but_not_the_reverse(own_environment):
    assert not environment._has("local")
    (own_environment / "installed-dev").write_text(environment._lock_digest("dev"))
    assert environment._has("local")
    (own_environment / "installed-dev").write_text("an older lock")
    (own_environment / "installed-local").write_text(environment._lock_digest("local"))
    assert environment._has("local")
    assert not environment._has("dev")


@pytest.mark.parametrize("command", ["cp /etc/passwd /dev/full", "dd if=/dev/zero of=/dev/full bs=1 count=1"])
def test_a_full_disk_is_named(command):
    with pytest.raises(LauncherError, match="Le disque est plein"):
        processes.run_step("essai", ["sh", "-c", command])


def test_a_full_disk_under_the_launcher_itself():
    with pytest.raises(OSError, match="No space left") as caught, Path("/dev/full").open("w") as full:
        full.write("x")
        full.flush()
    caught.value.filename = "var"
    assert str(errors.from_os_error(caught.value)).startswith("Le disque est plein")


def test_a_failed_step_tells_its_error_not_its_traceback():
    crash = "raise ValueError('le millésime manque')"
    with pytest.raises(LauncherError) as caught:
        processes.run_step("chargement d’essai", [sys.executable, "-c", crash])
    assert "ValueError: le millésime manque." in str(caught.value)
    assert "Traceback" not in str(caught.value)

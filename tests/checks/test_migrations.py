import pytest

from checks.migrations import check


@pytest.mark.parametrize("name", ["0002_auto_20261123_1208", "0001_initial", "0003_auto"])
def test_a_migration_without_a_name_of_its_own_is_told(tree, name):
    root = tree({f"roles/migrations/{name}.py": "", "roles/migrations/__init__.py": ""})
    assert check(root) == [f"roles/migrations/{name}.py: say in the name what it does"]


@pytest.mark.parametrize("name", ["0001_person", "0002_automatic_renewal", "0003_initial_year"])
def test_a_migration_with_a_name_passes(tree, name):
    assert check(tree({f"roles/migrations/{name}.py": ""})) == []

import pytest


@pytest.fixture
def tree(tmp_path):
    """Write a small project and get its folder: `tree({"roles/models.py": "import experiences"})`."""

    def write(files):
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path

    return write

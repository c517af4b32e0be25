"""What is committed runs anywhere: it names neither a package registry nor a folder of somebody's machine."""

import re
import subprocess
from pathlib import Path

# In pieces, so that this file keeps its own rule.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("docker", "io"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
]
FORBIDDEN = {
    "the host of a package registry": re.compile("|".join(rf"(?<![\w-]){re.escape(host)}\b" for host in REGISTRIES)),
    "a path of one machine": re.compile(r"(?<![\w.~)}\]-])/(?:work|root|tmp/w|(?:home|Users)/[\w.-]+)/[\w.-]"),
    "a folder that is not of the project": re.compile(r"\.\./shared\b"),
}
UNTRACKED = {".git", ".venv", "var", "__pycache__", "node_modules"}


def files(root: Path) -> list[Path]:
    """The files of the project, relative to its folder: those git knows or would add; all of them in an archive."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [Path(name) for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [file.relative_to(root) for file in root.rglob("*")]
    return sorted(file for file in found if not UNTRACKED & set(file.parts) and (root / file).is_file())


def check(root: Path) -> list[str]:
    problems = []
    for file in files(root):
        try:
            text = (root / file).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image, a font
        for what, pattern in FORBIDDEN.items():
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                problems.append(f"{file}:{line}: {found[0]} is {what}")
    return problems

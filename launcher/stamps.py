"""What has been done already: a step is redone only when its inputs have changed."""

import hashlib
import os

from launcher.paths import ROOT


def digest(files, *words):
    """A hash of these files (name and content) and words."""
    total = hashlib.sha256()
    for word in words:
        total.update(str(word).encode() + b"\0")
    for path in sorted(files):
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        total.update(os.fsencode(name) + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def read(path):
    """Its text; nothing when it is missing or is no text (a machine that lost power, a damaged disk)."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def write(path, text, mode=0o644):
    """Write the whole file or nothing, even when the disk is full or the machine stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise

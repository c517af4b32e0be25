"""The files that people send: verified, then kept under a random name, outside of anything that is served."""

import logging
import os
import re
import subprocess
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from . import formats
from .models import Draft, Upload
from .models.exchange import LONGEST_NAME

log = logging.getLogger("portal.files")

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 5
KEPT_UNSENT = timedelta(days=2)
"""How long a file waits for the form that it came with."""
ANTIVIRUS_SECONDS = 60

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows opens none of them
NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
NOT_WRITTEN = "n’a pas pu être enregistré\u00a0: joignez-le à nouveau dans quelques minutes."


class Rejected(Exception):
    """Said to the person as it is; it names the file."""


@dataclass(frozen=True)
class Verified:
    name: str
    kind: str
    content: bytes


def accept(uploaded_file: UploadedFile, *, draft: Draft | None = None) -> Upload:
    return keep(verify(uploaded_file), draft=draft)


def verify(uploaded_file: UploadedFile) -> Verified:
    given = safe_name(uploaded_file.name or "")
    size = uploaded_file.size or 0
    try:
        if not size:
            raise formats.Unfit("est vide\u00a0: vérifiez-le, puis joignez-le à nouveau.")
        if size > MOST_BYTES:
            raise formats.Unfit("est trop lourd\u00a0: dix mégaoctets au plus par fichier.")
        uploaded_file.seek(0)
        content = uploaded_file.read()
        _scan(content)
        kind, kept = formats.recognised(content)
    except formats.Unfit as unfit:
        raise Rejected(f"«\u00a0{given}\u00a0» {unfit}") from unfit
    return Verified(safe_name(uploaded_file.name or "", kind), kind, kept)


def safe_name(given: str, kind: str = "") -> str:
    """What is shown of the name: no path, nothing invisible, no turned text, and the extension of what the file is."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = "".join(" " if sign.isspace() else sign for sign in name)
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    name = " ".join(NOT_IN_NAMES.sub(" ", name).split())
    stem, dot, extension = name.rpartition(".")
    if not dot or (kind and extension.lower() not in formats.EXTENSIONS):
        stem, extension = name, ""
    extension = kind or extension[:10]
    stem = stem.strip(". ")
    if not stem or RESERVED.fullmatch(stem):
        stem = f"document {stem}".strip()
    stem = stem[: LONGEST_NAME - len(extension) - 1].rstrip(". ")
    return f"{stem}.{extension}" if extension else stem


def _scan(content):
    """Have the antivirus of the house read a file, if there is one; what it could not read is not taken."""
    if not settings.ANTIVIRUS_COMMAND:
        return
    try:
        status = subprocess.run(  # noqa: S603 — the command is the operator's; the file is only its input
            settings.ANTIVIRUS_COMMAND, input=content, capture_output=True, timeout=ANTIVIRUS_SECONDS, check=False
        ).returncode
    except (OSError, subprocess.SubprocessError) as error:
        log.exception("The antivirus did not answer")
        raise formats.Unfit(formats.LATER) from error
    if status == 1:
        raise formats.Unfit("contient un virus, d’après notre antivirus\u00a0: il n’a pas été gardé.")
    if status:
        log.error("The antivirus failed with status %s", status)
        raise formats.Unfit(formats.LATER)


# On the disk


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "questions"


def path_of(key: uuid.UUID) -> Path:
    return folder() / key.hex[:2] / key.hex


def keep(verified: Verified, *, draft: Draft | None = None) -> Upload:
    """Write the file, then its row: a row that is committed has its file, whatever stops in between."""
    key = uuid.uuid4()
    try:
        _write(path_of(key), verified.content)
    except OSError as error:
        log.exception("A file could not be written")
        raise Rejected(f"«\u00a0{verified.name}\u00a0» {NOT_WRITTEN}") from error
    return Upload.objects.create(
        key=key, draft=draft, name=verified.name, kind=verified.kind, size=len(verified.content)
    )


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    for written in (path.parent, path.parent.parent):
        entries = os.open(written, os.O_RDONLY)
        try:
            os.fsync(entries)
        finally:
            os.close(entries)


def holds(upload: Upload, verified: Verified) -> bool:
    """Whether this is the same file, sent again with its form."""
    same = (upload.name, upload.size) == (verified.name, len(verified.content))
    path = path_of(upload.key)
    return same and path.exists() and path.read_bytes() == verified.content


@receiver(post_delete, sender=Upload)
def remove_file(instance, **_signal):
    transaction.on_commit(partial(path_of(instance.key).unlink, missing_ok=True))


def sweep(now: datetime | None = None) -> None:
    """Remove what was sent with a form that never came back, and the files whose row was never committed."""
    before = (now or timezone.now()) - KEPT_UNSENT
    Upload.objects.abandoned(before).delete()
    if not Upload.objects.exists():
        return  # files without any row are more likely those of another database
    for shelf in folder().glob("*/"):
        old = {path.name: path for path in shelf.iterdir() if path.stat().st_mtime < before.timestamp()}
        keys = [uuid.UUID(name) for name in old if re.fullmatch(r"[0-9a-f]{32}", name)]
        known = {key.hex for key in Upload.objects.filter(key__in=keys).values_list("key", flat=True)}
        for name in old.keys() - known:
            old[name].unlink(missing_ok=True)

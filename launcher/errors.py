"""Every foreseen failure becomes one French sentence."""

import errno
import re
import shutil

from launcher.paths import ROOT

DISK_FULL = re.compile(
    r"No space left on device|Errno 28\b|Errno 122\b|Disk quota exceeded|DiskFull|could not extend file", re.IGNORECASE
)
EXCEPTION = re.compile(r"[\w.]+(Error|Violation|Exception|Configured|FATAL): ")
NO_MODULE = re.compile(r"^(ModuleNotFoundError|ImportError): ")
FULL = 1_000_000  # bytes: so little left that a silent failure is explained
DISK_FULL_SENTENCE = (
    "Le disque est plein ({where}) : libérez de la place, puis relancez la même commande ; "
    "elle reprend sans rien perdre."
)


class LauncherError(Exception):
    """A failure that the person can understand; its text is shown as it is."""


class StopRequested(BaseException):
    """Somebody asked to stop: Ctrl-C, a signal, a closed terminal, the end of make."""


def disk_full(where):
    return LauncherError(DISK_FULL_SENTENCE.format(where=where))


def from_os_error(error):
    """The sentence for a failure of the system that no step foresaw."""
    where = error.filename or "dossier temporaire"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LauncherError(
            f"Écriture ou lecture refusée : {where}. Ce dossier appartient peut-être à un autre compte "
            "(celui qui a lancé le portail la première fois)."
        )
    return LauncherError(f"Le système a refusé une opération : {error.strerror or error} ({where}).")


def from_output(step, output, log=None):
    """The sentence for a command that failed, from the last thing that it said."""
    if DISK_FULL.search(output) or shutil.disk_usage(ROOT).free < FULL:
        return disk_full(step)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if EXCEPTION.match(line)]
    last = (named or lines or ["aucune explication"])[-1]
    if NO_MODULE.search(last):
        last += ". Si vous n’avez pas touché au code, « make clean » puis « make run » refont l’environnement Python"
    detail = f" Détail : {log}." if log else ""
    return LauncherError(f"Étape interrompue, {step} : {last}{'' if last.endswith('.') else '.'}{detail}")

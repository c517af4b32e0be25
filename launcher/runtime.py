"""Where the embedded server can live.

Its data belong in var/pg. But PostgreSQL refuses to run as root, so for root it runs as another user, who must be
able to reach its files (not the case below a 0700 home); and both paths of sockets and of programs have a limit.
What does not fit in the clone goes to a private folder of this machine, named by a hash of the clone's path.
"""

import hashlib
import os
import stat
from pathlib import Path

from launcher.errors import LauncherError
from launcher.paths import ROOT, VAR

NAME = "portail-territoires-conseils"
NOBODY = 65534
SOCKET_LIMIT = 107  # bytes of a unix socket's path
PATH_LIMIT = 900  # PostgreSQL cuts paths at 1024 bytes, and adds its own file names


def is_root():
    return os.geteuid() == 0


def reachable(path):
    """Whether any user may walk down to this folder."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents] if folder.exists())


def folder(cluster):
    """The folder of this cluster (`pg` or `pg-test`), that holds its data."""
    inside = VAR / cluster
    if len(os.fsencode(inside)) < PATH_LIMIT and (not is_root() or reachable(inside.parent)):
        return inside
    return outside() / cluster


def socket_folder(cluster):
    inside = folder(cluster)
    name = os.fsencode(inside / ".s.PGSQL.5432")
    if len(name) <= SOCKET_LIMIT and b"," not in name:  # a comma separates hosts
        return inside
    return outside() / cluster


def outside():
    """A private folder outside the clone; only root's needs to be walked through by the server's user."""
    mark = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:16]
    if is_root():
        return Path("/var/lib") / NAME / mark
    return Path("/var/tmp") / f"{NAME}-{os.getuid()}" / mark  # noqa: S108 - its owner is checked below


def make(path):
    """Make a folder, checking that nobody else prepared it for us."""
    top = outside().parent
    if path.is_relative_to(top):
        top.mkdir(parents=True, exist_ok=True, mode=0o755)
        found = top.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise LauncherError(f"Le dossier {top} appartient à un autre compte : supprimez-le ou renommez-le.")
    path.mkdir(parents=True, exist_ok=True, mode=0o755)
    return path

"""Entry of the launcher; written so that any Python 3 can read it and say that it is too old."""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")

if sys.version_info < OLDEST:
    for name in NEWER:
        found = shutil.which(name)
        if found and "LAUNCHER_SWITCHED" not in os.environ:
            os.environ["LAUNCHER_SWITCHED"] = "1"
            os.execv(found, [found, "-m", "launcher"] + sys.argv[1:])  # noqa: RUF005, S606 - read by old Pythons
    sys.stderr.write(
        "Python %d.%d est trop ancien : le portail demande Python 3.11 ou plus récent. "  # noqa: UP031
        "Installez-le, puis indiquez-le : make run PYTHON=python3.11\n" % sys.version_info[:2]
    )
    sys.exit(1)

from launcher.cli import main  # noqa: E402 - only once the version is known to be right

sys.exit(main(sys.argv[1:]))

"""Where things are, all below the project's own folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOGS = VAR / "log"
STAMPS = VAR / "stamps"
SECRET = VAR / "secret-key"
DEMONSTRATION = VAR / "demonstration.txt"

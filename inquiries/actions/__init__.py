"""What happens to a question, from its asking to its end; nothing else changes one.

Each act takes the question for itself, looks whether it may still be done, and writes its event along with its effects:
of two people who act at once, the second is told.
"""

from .asker import rate, reopen, reply, set_consent, share, solve, withdraw
from .asking import Identity, Question, adopt, ask, confirm, correct_email, log_call
from .desk import answer, ask_detail, claim, end, hand_over, note, override, set_theme
from .life import ANSWERABLE, CHANGED, NEWER, REOPENABLE, Refused, due_again, set_due
from .time import erase, remind

__all__ = [
    "ANSWERABLE",
    "CHANGED",
    "NEWER",
    "REOPENABLE",
    "Identity",
    "Question",
    "Refused",
    "adopt",
    "answer",
    "ask",
    "ask_detail",
    "claim",
    "confirm",
    "correct_email",
    "due_again",
    "end",
    "erase",
    "hand_over",
    "log_call",
    "note",
    "override",
    "rate",
    "remind",
    "reopen",
    "reply",
    "set_consent",
    "set_due",
    "set_theme",
    "share",
    "solve",
    "withdraw",
]

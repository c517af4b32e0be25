"""What officials ask the desk: the question, what was said since, what happened to it, and the drafts before it."""

from .draft import DRAFT_LIFE, Draft
from .exchange import ASKER_READS, Event, EventKind, Message, MessageKind, Notice, NoticeKind, Upload
from .inquiry import LONGEST_TEXT, OPEN_STATES, Channel, Inquiry, State, Yearly
from .lists import ANSWER_DAYS, ClosingDays, QuestionTheme
from .sufficed import Sufficed

__all__ = [
    "ANSWER_DAYS",
    "ASKER_READS",
    "DRAFT_LIFE",
    "LONGEST_TEXT",
    "OPEN_STATES",
    "Channel",
    "ClosingDays",
    "Draft",
    "Event",
    "EventKind",
    "Inquiry",
    "Message",
    "MessageKind",
    "Notice",
    "NoticeKind",
    "QuestionTheme",
    "State",
    "Sufficed",
    "Upload",
    "Yearly",
]

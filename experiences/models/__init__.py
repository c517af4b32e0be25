"""The base of experiences: what was tried, who held which role, what it gave, and where each fact comes from."""

from .facts import (
    Condition,
    Difficulty,
    FiledTheme,
    Illustration,
    Image,
    Location,
    MoneyLine,
    Quote,
    Result,
    RoleHeld,
    Source,
    Step,
    Video,
)
from .lists import (
    LISTED_STATES,
    PUBLIC_STATES,
    ConditionKind,
    LegalForm,
    PolicyIssue,
    ProjectStatus,
    Scale,
    State,
    Theme,
)
from .rendering import Rendering
from .sheet import PITCH_LENGTH, Experience

__all__ = [
    "LISTED_STATES",
    "PITCH_LENGTH",
    "PUBLIC_STATES",
    "Condition",
    "ConditionKind",
    "Difficulty",
    "Experience",
    "FiledTheme",
    "Illustration",
    "Image",
    "LegalForm",
    "Location",
    "MoneyLine",
    "PolicyIssue",
    "ProjectStatus",
    "Quote",
    "Rendering",
    "Result",
    "RoleHeld",
    "Scale",
    "Source",
    "State",
    "Step",
    "Theme",
    "Video",
]

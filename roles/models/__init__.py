"""What the trade says of the part a collectivity plays, and the questionnaires by which one finds its own."""

from .questionnaires import (
    DONT_KNOW,
    MOST_OPTIONS,
    MOST_POINTS,
    AnswerCount,
    CountedAnswer,
    Option,
    Origin,
    Question,
    Questionnaire,
    VersionState,
)
from .results import SavedResult
from .taxonomy import (
    Argument,
    Audience,
    Definition,
    Demand,
    FoundingExample,
    Phase,
    Posture,
    PostureKey,
    Role,
    RoleKey,
    texts,
)

__all__ = [
    "DONT_KNOW",
    "MOST_OPTIONS",
    "MOST_POINTS",
    "AnswerCount",
    "Argument",
    "Audience",
    "CountedAnswer",
    "Definition",
    "Demand",
    "FoundingExample",
    "Option",
    "Origin",
    "Phase",
    "Posture",
    "PostureKey",
    "Question",
    "Questionnaire",
    "Role",
    "RoleKey",
    "SavedResult",
    "VersionState",
    "texts",
]

"""What was said and what happened, in the words of the people whom it concerns."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User

from .models import Event, EventKind, Inquiry, Message, State

MEANINGS = {
    State.RECEIVED: "Votre question est arrivée. Une personne de l’équipe va s’en charger.",
    State.IN_PROGRESS: "Une personne y travaille\u00a0: rien ne vous est demandé.",
    State.TO_COMPLETE: "Nous attendons une précision de votre part. Le délai reprendra après votre message.",
    State.ANSWERED: "La réponse est plus bas. S’il vous manque quelque chose, écrivez-le. Sinon, vous pouvez clore.",
    State.CLOSED: "C’est terminé. Un message de votre part la rouvre.",
    State.REFERRED: "Un autre service pourra mieux vous répondre.",
    State.OUT_OF_SCOPE: "Elle sort de ce à quoi ce service peut répondre.",
    State.DUPLICATE: "Elle reprend une autre question\u00a0: la réponse se trouve avec celle-ci.",
    State.WITHDRAWN: "Vous l’avez retirée\u00a0: personne n’y travaille plus.",
}
"""What a state means for whoever asked."""

SENTENCES: dict[tuple[EventKind, str] | EventKind, str] = {
    EventKind.CONFIRMED: "L’adresse électronique est confirmée.",
    EventKind.CLAIMED: "{adviser} prend en charge la question.",
    EventKind.RELEASED: "La question est revenue dans la file de l’équipe.",
    EventKind.REOPENED: "{someone} rouvert la question.",
    EventKind.CLOSED: "{someone} clos la question.",
    EventKind.REFERRED: "{someone} orienté la question ailleurs.",
    EventKind.REFUSED: "{someone} clos la question\u00a0: elle sort de ce à quoi ce service répond.",
    EventKind.DUPLICATED: "{someone} rattaché la question à une autre, qui dit la même chose.",
    EventKind.WITHDRAWN: "{someone} retiré la question.",
    EventKind.RATED: "{someone} noté la réponse\u00a0: {key} sur 5.",
    (EventKind.CONSENT, "donne"): "{someone} accepté que la réponse soit publiée sans nom ni lieu.",
    EventKind.CONSENT: "{someone} retiré l’accord de publication.",
    (EventKind.SHARED, "oui"): "{someone} partagé la question avec la collectivité.",
    EventKind.SHARED: "{someone} cessé de partager la question.",
    EventKind.REMINDED: "Un rappel est parti par courriel.",
}
"""The events that concern the asker; the rest is a message that is there, or the kitchen of the desk."""

NOBODY_CLOSED = "Sans nouvelles, la question s’est close d’elle-même."

CONCERNS_THE_ASKER = [kind for kind in SENTENCES if isinstance(kind, EventKind)]


@dataclass(frozen=True)
class Happening:
    """An event in one sentence, between the messages."""

    at: datetime
    sentence: str


@dataclass(frozen=True)
class Said:
    """A message, and whose it is for this reader."""

    at: datetime
    message: Message
    author: str


class Thread:
    """All that a question's readers see of it, the oldest first; the same statements whatever its length."""

    def __init__(self, inquiry: Inquiry, reader: User):
        self.inquiry, self.is_asker = inquiry, inquiry.is_asked_by(reader)
        self.events = list(Event.objects.filter(inquiry=inquiry, kind__in=CONCERNS_THE_ASKER).select_related("by"))
        self.messages = list(inquiry.messages.for_asker().for_thread())
        handed = {event.key for event in self.events if event.kind == EventKind.CLAIMED and event.key}
        self.advisers = {str(person.pk): person for person in User.objects.filter(pk__in=handed)} if handed else {}

    def __iter__(self):
        said = [Said(message.sent_at, message, self.author(message)) for message in self.messages]
        happened = [Happening(event.at, self.sentence(event)) for event in self.events]
        entries: list[Said | Happening] = [*said, *happened]
        return iter(sorted(entries, key=lambda entry: entry.at))

    def author(self, message: Message) -> str:
        if message.html:
            return message.author.get_full_name() if message.author else ""
        return "Vous" if self.is_asker else self.asker

    @property
    def asker(self) -> str:
        return self.inquiry.asker_name or "La personne qui a posé la question"

    def sentence(self, event: Event) -> str:
        """« Vous avez » for the asker, their name for the others; the desk by its name."""
        if event.kind == EventKind.CLOSED and event.by_id is None:
            return "La question a été close." if self.inquiry.erased_at else NOBODY_CLOSED
        by_asker = event.by_id == self.inquiry.asker_id if event.by_id else self.inquiry.erased_at is not None
        template = SENTENCES.get((EventKind(event.kind), event.key)) or SENTENCES[EventKind(event.kind)]
        return template.format(
            someone="Vous avez" if by_asker and self.is_asker else f"{self.asker if by_asker else _named(event.by)} a",
            adviser=_named(self.advisers.get(event.key, event.by)),
            key=event.key,
        )


def _named(person: User | None) -> str:
    return (person.get_full_name() if person else "") or "L’équipe"

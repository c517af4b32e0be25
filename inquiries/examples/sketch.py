"""One made-up question: who asks what, then all that happens, step by step, until today.

Each step comes at its hour, and the first one that today has not seen yet stops the story: open questions, and late
ones, come of themselves.
"""

import json
import random
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import cached_property
from html import escape
from pathlib import Path

from django.utils import timezone

from accounts.models import Function
from experiences.examples.writer import Writer
from experiences.models import Experience
from inquiries import clock
from inquiries.models import Channel, Event, EventKind, Inquiry, Message, MessageKind, QuestionTheme, State
from territories.models import Kind

from .cast import Cast

DATA = Path(__file__).parent.parent / "data" / "examples.json"
YEARS = 10
ANSWERS = 1_000
"""Different ones, each long to write: the desk answers the same things again and again."""
ERASED_AFTER = timedelta(days=183)
PREFIX = "E"

CHANNELS = [Channel.PHONE] * 58 + [Channel.WEB] * 31 + [Channel.MAIL] * 9 + [Channel.MEETING] * 2
MONTHS = [0.9, 1.0, 1.25, 1.1, 0.9, 0.95, 0.45, 0.35, 1.2, 1.3, 1.25, 0.95]
"""Budgets are voted before mid-April, councils meet again in September, town halls are half empty in August."""
WEEK = [1.0, 1.1, 0.85, 1.1, 0.8, 0.04, 0.03]
HOURS = [8, 9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 16, 17, 18]
AT_NIGHT = [0, 6, 7, 19, 20, 21, 21, 22, 23]

FUNCTIONS = {
    Kind.COMMUNE: [Function.TOWN_SECRETARY] * 9 + [Function.MAYOR] * 7 + [Function.DEPUTY_MAYOR] * 4 + [Function.AGENT],
    Kind.INTERCOMMUNALITY: [
        *[Function.DGS] * 3,
        *[Function.PROJECT_OFFICER] * 4,
        Function.VICE_PRESIDENT,
        Function.PRESIDENT,
    ],
}
DETAILS = [
    "Quel est le statut de l’association, et y a-t-il déjà une convention ?",
    "Le bâtiment est-il dans le domaine public de la commune ?",
    "La compétence a-t-elle été transférée à l’intercommunalité ?",
    "À quelle date le conseil doit-il délibérer ?",
    "Pouvez-vous nous dire le montant prévu, hors taxes ?",
]
REPLIES = [
    "Oui, depuis le renouvellement. Il n’y a pas encore de convention.",
    "Non, pas à notre connaissance. Le conseil délibère le mois prochain.",
    "Environ 40 000 euros, dont une part du Département.",
    "C’est le domaine privé de la commune : l’ancien presbytère.",
]
AGAIN = [
    "Merci. Et si l’association n’existait pas encore, qui signerait ?",
    "La préfecture nous répond autre chose : pouvez-vous préciser le texte ?",
    "Notre trésorier demande une délibération : faut-il un modèle particulier ?",
]
NOBODYS_NUMBERS = ["019900", "026191", "035301", "046571", "053649", "063998"]
"""Kept by the regulator for works of fiction."""
NOTES = [
    "Vu avec le service juridique : même lecture.",
    "Rappelé, pas de réponse : réessayer demain matin.",
    "Voir la question voisine de l’an dernier.",
]
COMMENTS = [
    "",
    "",
    "",
    "",
    "Réponse claire, merci.",
    "Un peu long, mais utile.",
    "Nous attendions un modèle de délibération.",
]
REFERRALS = ["La préfecture, bureau du contrôle de légalité", "L’agence départementale", "Le centre de gestion"]


class Today(Exception):
    """What would follow has not happened yet."""


class Illustrator:
    """Draws questions by number: the same seed, number and day give the same one, whatever was drawn before."""

    def __init__(self, seed: int, cast: Cast, newest: datetime):
        self.seed = seed
        self.cast = cast
        self.newest = newest
        self.closings = clock.closing_days()
        self.themes = {theme.key: theme for theme in QuestionTheme.objects.all()}
        self.experiences = list(Experience.objects.public().order_by("pk").values_list("pk", flat=True)[:500])
        self.models = json.loads(DATA.read_text(encoding="utf-8"))
        self.subjects, self.texts, answers = (
            Writer(model[name] for model in self.models) for name in ("subject", "text", "answer")
        )
        draw = random.Random(seed)  # noqa: S311 - makes up, hides nothing
        self.answers = [answers.write(draw) for _ in range(ANSWERS)]

    def tell(self, number: int, before: Inquiry | None) -> "Story":
        return Story(self, number, before)


class Story:
    """The rows of a question, linked to one another, not stored; `before` is one that it may repeat."""

    def __init__(self, illustrator: Illustrator, number: int, before: Inquiry | None):
        self.of = illustrator
        self.draw = random.Random(f"{illustrator.seed} {number}")  # noqa: S311 - makes up, hides nothing
        self.before = before
        self.messages: list[Message] = []
        self.events: list[Event] = []
        self.now = self._asked_at()
        self.adviser = self.draw.choice(illustrator.cast.advisers)
        self.inquiry = self._ask(number)
        with suppress(Today):
            self._live()
        self._settle()

    # What is asked

    def _asked_at(self):
        draw, newest = self.draw, self.of.newest
        while True:
            day = timezone.localdate(newest) - timedelta(days=draw.randrange(YEARS * 365))
            if draw.random() * 1.5 < MONTHS[day.month - 1] * WEEK[day.weekday()]:
                asked = self._at(day)
                if asked <= newest:
                    return asked

    def _at(self, day: date) -> datetime:
        draw = self.draw
        hour = draw.choice(HOURS if draw.random() < 0.9 else AT_NIGHT)
        moment = time(hour, draw.randrange(60), draw.randrange(60))
        return datetime.combine(day, moment, tzinfo=timezone.get_default_timezone())

    def _ask(self, number):
        draw, cast = self.draw, self.of.cast
        model = draw.choice(self.of.models)
        place = cast.place(draw)
        eligibility = cast.eligibility(place)
        channel = draw.choice(CHANNELS)
        person = draw.choice(cast.askers)
        is_mailed = channel in {Channel.WEB, Channel.MAIL} or draw.random() < 0.4
        kind = Kind.INTERCOMMUNALITY if place.kind == Kind.INTERCOMMUNALITY else Kind.COMMUNE
        self.asker = person if channel == Channel.WEB else None
        asked_on = timezone.localdate(self.now)
        return Inquiry(
            number=f"Q-{asked_on.year}-{PREFIX}{self.of.seed}-{number}",
            channel=channel,
            first_name=person.first_name,
            last_name=person.last_name,
            function=draw.choice(FUNCTIONS[kind]),
            email=person.email if is_mailed else "",
            phone=self._phone() if channel != Channel.WEB or draw.random() < 0.5 else "",
            collectivity=place,
            eligibility=eligibility,
            override_reason="" if eligibility["eligible"] else "Suite d’une question de l’an dernier.",
            theme=self.of.themes.get(model["theme"]) if draw.random() < 0.96 else None,
            subject=model["subject"] if draw.random() < 0.3 else self.of.subjects.write(draw),
            wanted_on=asked_on + timedelta(days=draw.randrange(7, 60)) if draw.random() < 0.3 else None,
            experience_id=self._experience(),
            has_consent=draw.random() < 0.6,
            asked_at=self.now,
            is_example=True,
        )

    def _experience(self):
        """The sheet that made somebody write, for a few."""
        return self.draw.choice(self.of.experiences) if self.of.experiences and self.draw.random() < 0.06 else None

    def _phone(self):
        return f"{self.draw.choice(NOBODYS_NUMBERS)}{self.draw.randrange(10_000):04}"

    # What happens

    def _live(self):
        draw = self.draw
        by_desk = self.inquiry.channel != Channel.WEB
        is_signed_in = self.asker and draw.random() < 0.5
        if is_signed_in:
            self._confirmed()
        self._say(MessageKind.ASKER, self.of.texts.write(draw), by=self.inquiry.asker)
        self._happen(EventKind.ASKED, by=self.adviser if by_desk else self.inquiry.asker)
        if by_desk:
            self._claim()
            if self.inquiry.channel == Channel.PHONE and draw.random() < 0.62:
                self._after(minutes=draw.randrange(3, 25))
                return self._answered()
        else:
            if not is_signed_in and draw.random() < 0.97:
                self._after(minutes=draw.randrange(1, 15))
                self._confirmed()
                self._happen(EventKind.CONFIRMED, by=self.asker)
            if self.inquiry.asker and draw.random() < 0.015:
                self._after(days=draw.randrange(3))
                return self._happen(EventKind.WITHDRAWN, State.WITHDRAWN, by=self.inquiry.asker)
            self._after(working_days=draw.choice([0, 0, 0, 0, 1, 1, 1, 2, 3]))
            self._claim()
        return self._study()

    def _confirmed(self):
        self.inquiry.asker, self.inquiry.confirmed_at = self.asker, self.now
        self.inquiry.is_shared = self.draw.random() < 0.05

    def _study(self):
        draw = self.draw
        if draw.random() < 0.1:
            self._after(minutes=draw.randrange(10, 300))
            self._say(MessageKind.NOTE, draw.choice(NOTES), by=self.adviser)
            self._happen(EventKind.NOTED, by=self.adviser)
        way = draw.random()
        if way < 0.06:
            return self._side_exit(way)
        if way < 0.22 and not self._detail():
            return None
        # Five working days are promised; one question in ten gets less.
        late = draw.random() < 0.1
        self._after(working_days=draw.randrange(5, 14) if late else draw.choice([0, 0, 1, 1, 2, 2, 3, 3, 4]))
        return self._answered()

    def _claim(self):
        self.inquiry.adviser = self.adviser
        self._happen(EventKind.CLAIMED, State.IN_PROGRESS, by=self.adviser)

    def _side_exit(self, way):
        self._after(working_days=self.draw.randrange(3))
        if way < 0.03:
            self.inquiry.referred_to = self.draw.choice(REFERRALS)
            self._happen(EventKind.REFERRED, State.REFERRED, by=self.adviser)
        elif way < 0.045 or self.before is None:
            self._happen(EventKind.REFUSED, State.OUT_OF_SCOPE, by=self.adviser)
        else:
            self._happen(EventKind.DUPLICATED, State.DUPLICATE, key=self.before.number, by=self.adviser)
            self.inquiry.duplicate_of = self.before

    def _detail(self):
        """Ask the asker for something; False when they never say it, and the question closes by itself."""
        draw = self.draw
        self._after(minutes=draw.randrange(20, 400))
        self._say(MessageKind.DETAIL, draw.choice(DETAILS), by=self.adviser)
        self._happen(EventKind.DETAIL_ASKED, State.TO_COMPLETE, by=self.adviser)
        if draw.random() < 0.12:
            self._close_by_itself(after=10)
            return False
        self._after(days=draw.choice([0, 1, 1, 2, 3, 5, 8]))
        self._say(MessageKind.ASKER, draw.choice(REPLIES), by=self.inquiry.asker)
        self._happen(EventKind.REPLIED, State.IN_PROGRESS, by=self.inquiry.asker)
        return True

    def _answered(self):
        draw = self.draw
        self._say(MessageKind.ANSWER, draw.choice(self.of.answers), by=self.adviser)
        self._happen(EventKind.ANSWERED, State.ANSWERED, by=self.adviser)
        if draw.random() < 0.07:
            self._after(days=draw.randrange(1, 10))
            self._say(MessageKind.ASKER, draw.choice(AGAIN), by=self.inquiry.asker)
            self._happen(EventKind.REOPENED, State.IN_PROGRESS, by=self.inquiry.asker)
            self._after(working_days=draw.randrange(5))
            self._say(MessageKind.ANSWER, draw.choice(self.of.answers), by=self.adviser)
            self._happen(EventKind.ANSWERED, State.ANSWERED, by=self.adviser)
        if self.inquiry.asker and draw.random() < 0.4:
            self._after(days=draw.randrange(6))
            self.inquiry.rating = draw.choice([5, 5, 5, 5, 4, 4, 4, 3, 2, 1])
            self.inquiry.rating_comment = draw.choice(COMMENTS)
            self._happen(EventKind.RATED, key=str(self.inquiry.rating), by=self.inquiry.asker)
        if self.inquiry.asker and draw.random() < 0.3:
            self._after(days=draw.randrange(1, 10))
            return self._happen(EventKind.CLOSED, State.CLOSED, by=self.inquiry.asker)
        return self._close_by_itself(after=23)

    def _close_by_itself(self, after):
        self._after(days=after)
        self._happen(EventKind.REMINDED, key=self.inquiry.state)
        self._after(days=30 - after)
        self._happen(EventKind.CLOSED, State.CLOSED)

    # How it is told

    def _after(self, *, minutes=0, days=0, working_days=0):
        """Let the time pass; on another day, until an hour of it."""
        now = self.now + timedelta(minutes=minutes)
        today = timezone.localdate(now)
        if working_days:
            now = self._at(self.days.after(today, working_days))
        elif days:
            now = self._at(today + timedelta(days=days))
        elif not minutes:
            now += timedelta(minutes=self.draw.randrange(5, 90))
        if now > self.of.newest:
            raise Today
        self.now = now

    @cached_property
    def days(self):
        return clock.WorkingDays.of(self.inquiry.collectivity, self.of.closings)

    def _say(self, kind, text, *, by):
        html = "" if kind == MessageKind.ASKER else f"<p>{escape(text, quote=False)}</p>\n"
        self.messages.append(
            Message(inquiry=self.inquiry, kind=kind, text=text, html=html, author=by, sent_at=self.now)
        )

    def _happen(self, kind, state=None, *, by=None, key=""):
        self.inquiry.state = state or self.inquiry.state
        self.events.append(
            Event(inquiry=self.inquiry, kind=kind, state=self.inquiry.state, key=key, by=by, at=self.now)
        )

    def _settle(self):
        """What the question keeps of its events; forgotten after some months, who asked is nowhere."""
        inquiry, last = self.inquiry, self.events[-1]
        if inquiry.is_over:
            inquiry.closed_at = last.at
            if last.at + ERASED_AFTER <= self.of.newest:
                self._erase(last.at + ERASED_AFTER)
        inquiry.changed_at = self.events[-1].at
        inquiry.due_on = clock.due_on(self.events, self.days, clock.answer_days(inquiry))

    def _erase(self, at):
        inquiry = self.inquiry
        inquiry.first_name = inquiry.last_name = inquiry.email = inquiry.phone = ""
        inquiry.asker, inquiry.is_shared, inquiry.erased_at = None, False, at
        for message in self.messages:
            message.author = message.author if message.author != self.asker else None
        for event in self.events:
            event.by = event.by if event.by != self.asker else None
        self.now = at
        self._happen(EventKind.ERASED)

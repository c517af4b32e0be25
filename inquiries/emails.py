"""The mails about a question: that something awaits, never what, nor the words of the question."""

from accounts.emails import grouped
from jobs.outbox import compose

from . import waiting
from .models import Draft, Inquiry, NoticeKind

RATINGS = {
    1: "Pas du tout utile",
    2: "Peu utile",
    3: "Assez utile",
    4: "Utile",
    5: "Très utile",
}


def acknowledged(inquiry: Inquiry):
    return _about(inquiry, "acknowledged")


def news(inquiry: Inquiry, kinds: list[NoticeKind]):
    """What happened, the weightiest first."""
    return _about(inquiry, "news", kinds=kinds, closes_on=waiting.closes_on(inquiry), ratings=RATINGS)


def number_and_code(inquiry: Inquiry, digits: str):
    """The first mail to an address that nobody proved yet: one mail says that the question is there, and proves it."""
    about = {"inquiry": inquiry, "digits": grouped(digits)}
    return compose("inquiries/mails/number_and_code", about, to=inquiry.email, thread=inquiry.thread_name)


def draft_link(draft: Draft, email: str):
    return compose("inquiries/mails/draft_link", {"draft": draft}, to=email, forgets_address=True)


def _about(inquiry, name, **context):
    return compose(
        f"inquiries/mails/{name}",
        {"inquiry": inquiry, **context},
        to=inquiry.asker.email if inquiry.asker else inquiry.email,
        thread=inquiry.thread_name,
    )

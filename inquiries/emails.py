"""The mails about a question: that something awaits, never what."""

from accounts.emails import grouped
from jobs.outbox import compose

from .models import Draft, Inquiry


def acknowledged(inquiry: Inquiry):
    return compose("inquiries/mails/acknowledged", {"inquiry": inquiry}, to=inquiry.email, thread=inquiry.thread_name)


def number_and_code(inquiry: Inquiry, digits: str):
    """The first mail to an address that nobody proved yet: one mail says that the question is there, and proves it."""
    about = {"inquiry": inquiry, "digits": grouped(digits)}
    return compose("inquiries/mails/number_and_code", about, to=inquiry.email, thread=inquiry.thread_name)


def draft_link(draft: Draft, email: str):
    return compose("inquiries/mails/draft_link", {"draft": draft}, to=email, forgets_address=True)

"""The mails about a question: that something awaits, never what."""

from jobs.outbox import compose

from .models import Inquiry


def acknowledged(inquiry: Inquiry):
    return compose("inquiries/mails/acknowledged", {"inquiry": inquiry}, to=inquiry.email, thread=inquiry.thread_name)

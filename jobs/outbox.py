"""Mails leave through a table: written in the transaction that causes them, sent by the worker."""

import re
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.template import Context
from django.template.loader import get_template

from . import queue
from .models import Mail, MailQuerySet


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail to one person. Those that bear the same thread (« question-42 ») stay together in mail programs.

    The address that somebody typed for one mail alone is forgotten once it left.
    """

    to: str
    subject: str
    body: str
    thread: str = ""
    reply_to: str = ""
    forgets_address: bool = False


def compose(
    template: str, context: dict, *, to: str, thread: str = "", reply_to: str = "", forgets_address: bool = False
) -> Message:
    """Write a mail from the templates <template>_subject.txt and <template>_message.txt, plain text both."""
    subject, body = (_render(f"{template}_{part}.txt", context) for part in ("subject", "message"))
    return Message(to=to, subject=subject, body=body, thread=thread, reply_to=reply_to, forgets_address=forgets_address)


def _render(name: str, context: dict) -> str:
    # The template of the engine below, whose context alone can turn escaping off for a whole file and its parents.
    template = get_template(name).template  # type: ignore[attr-defined]
    about = {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
    return template.render(Context({**about, **context}, autoescape=False))


def put(message: Message) -> Mail:
    """Have a mail sent once the caller's transaction is committed; nothing leaves if it is rolled back."""
    validate_email(message.to)
    if message.thread:
        validate_slug(message.thread)
    with transaction.atomic():
        mail = Mail.objects.create(
            to=message.to,
            subject=one_line(message.subject)[:250],
            body=f"{tidy(message.body)}\n\n{signature()}",
            thread=message.thread,
            reply_to=message.reply_to,
            forgets_address=message.forgets_address,
        )
        queue.put("jobs.send_mail", mail=mail.pk)
    return mail


def send_again(mails: MailQuerySet) -> int:
    """Try once more those of these mails that the server refused; return how many."""
    with transaction.atomic():
        refused = list(mails.refused().filter(forgets_address=False).select_for_update())
        for mail in refused:
            mail.refused_at, mail.refusal = None, ""
            mail.save(update_fields=["refused_at", "refusal"])
            queue.put("jobs.send_mail", mail=mail.pk)
    return len(refused)


def put_email(email: EmailMessage) -> list[Mail]:
    """The same for a mail that a library wrote for us: its text, to each of its recipients apart."""
    if email.cc or email.bcc or email.attachments:
        raise ValueError("A mail of the outbox has no copies and no attachments.")
    with transaction.atomic():
        return [put(Message(to=to, subject=str(email.subject), body=str(email.body))) for to in email.to]


def one_line(text: str) -> str:
    """A header is one line; no-break spaces stay."""
    return re.sub(" {2,}", " ", " ".join(text.splitlines())).strip()


def tidy(text: str) -> str:
    """Without the empty lines that tags leave in a template."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)).strip()


def signature() -> str:
    return f"-- \n{settings.SITE_NAME}\n{settings.SITE_URL}\n"


def deliver(mail: Mail) -> None:
    """Hand a mail to the server; an address that it refuses for good is written down, all else is tried again."""
    try:
        mail.as_email().send()
    except smtplib.SMTPRecipientsRefused as error:
        [(code, text)] = error.recipients.values()
        if not 500 <= code < 600:
            raise _answered(code) from error
        mail.mark_refused(f"{code} {one_line(text.decode(errors='replace'))}")
    except smtplib.SMTPNotSupportedError:
        mail.mark_refused("Le serveur de courriels n’accepte pas les caractères de cette adresse.")
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code) from error
    except OSError as error:
        raise queue.TaskFailed(f"Le serveur de courriels ne répond pas ({type(error).__name__}).") from error
    else:
        mail.mark_sent()


def _answered(code: int) -> queue.TaskFailed:
    return queue.TaskFailed(f"Le serveur de courriels a répondu {code}.")

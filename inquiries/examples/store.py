"""Made-up questions written to the base in bulk, and taken away."""

import gc
from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from inquiries.models import Event, Inquiry, Message, Upload

from .cast import Cast, people
from .sketch import PREFIX, Illustrator

BATCH = 1_000


def missing(seed: int, wanted: int) -> list[int]:
    """The numbers, up to the one wanted, that this seed has not given yet."""
    mark = f"-{PREFIX}{seed}-"
    numbers = Inquiry.objects.filter(is_example=True, number__contains=mark).values_list("number", flat=True)
    present = {int(number.partition(mark)[2]) for number in numbers}
    return [number for number in range(1, wanted + 1) if number not in present]


def add(seed: int, numbers: list[int], newest: datetime | None = None) -> Iterator[int]:
    """Write the questions of these numbers, a batch in each transaction, and give how many each time."""
    if not numbers:
        return
    with transaction.atomic():
        illustrator = Illustrator(seed, Cast(seed), newest or timezone.now())
    for batch in _batches(numbers):
        gc.disable()  # it would look again and again through objects that all serve to the end
        try:
            _write(illustrator, batch)
        finally:
            gc.enable()
        yield len(batch)


@transaction.atomic
def _write(illustrator, numbers):
    stories, before = [], None
    for number in numbers:
        stories.append(illustrator.tell(number, before))
        if stories[-1].inquiry.duplicate_of is None:
            before = stories[-1].inquiry
    first = [story.inquiry for story in stories if story.inquiry.duplicate_of is None]
    Inquiry.objects.bulk_create(first)
    Inquiry.objects.bulk_create([story.inquiry for story in stories if story.inquiry.duplicate_of is not None])
    Message.objects.bulk_create([message for story in stories for message in story.messages])
    Event.objects.bulk_create([event for story in stories for event in story.events])


def removable():
    """All of them, but those that a real question repeats."""
    return Inquiry.objects.filter(is_example=True).exclude(duplicates__is_example=False)


def remove() -> Iterator[int]:
    """Take away all that was ever generated, whatever the seed, and what was said since."""
    Upload.objects.filter(message__inquiry__in=removable()).delete()
    keys = list(removable().order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():  # one repeats another, of the same batch or not
        for batch in _batches(keys):
            _delete(batch)
            yield len(batch)
    try:
        people().delete()
    except ProtectedError:  # some had a hand in a real question since
        people().update(is_active=False)


POINTING = ["inquiries_notice", "inquiries_draft", "inquiries_message", "inquiries_event"]


def _delete(keys):
    with connection.cursor() as cursor:
        for table in POINTING:
            cursor.execute(f"DELETE FROM {table} WHERE inquiry_id = ANY(%s)", [keys])  # noqa: S608 - our tables
        cursor.execute("DELETE FROM inquiries_inquiry WHERE id = ANY(%s)", [keys])


def settle() -> None:
    """Tell the planner what the tables now hold, rather than leave it to a later moment."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inquiries_inquiry, inquiries_message, inquiries_event, accounts_user")


def _batches(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]

"""What goes with an account: the apps that hold something of a person say in their `erased.py` how to erase it."""

from collections.abc import Callable

from accounts.models import User

Eraser = Callable[[User], None]

ERASERS: list[Eraser] = []


def goes_with_account(eraser: Eraser) -> Eraser:
    ERASERS.append(eraser)
    return eraser

"""What `make check` verifies: the tools of the trade, and the rules of this house.

A check is a function of the project's folder that returns a list of problems, each one line or more of plain text;
an empty list means that all is well. `python -m checks` runs them all and tells them all.
"""


class NotApplicable(Exception):
    """Nothing to check here; the message says why."""

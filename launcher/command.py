"""Runs one management command in the virtual environment, its errors apart from its progress bar.

`python -m launcher.command FD NAME…`: the command prints on the terminal as it likes; an exception, instead of a
traceback there, goes whole to the descriptor FD, from which the launcher makes a sentence.
"""

import os
import sys
import traceback


def main(descriptor, *words):
    import django  # noqa: PLC0415 - exists in the virtual environment only
    from django.core.management import call_command  # noqa: PLC0415

    try:
        django.setup()
        call_command(*words)
    except BaseException:
        with os.fdopen(int(descriptor), "w", encoding="utf-8") as report:
            traceback.print_exc(file=report)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

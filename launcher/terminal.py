"""What the launcher says on the terminal."""

import sys


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

import os
import signal
import time
from datetime import timedelta
from pathlib import Path

from django.db import connection

from jobs.registry import periodic, task


@task("sample.write")
def write(number):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (number) VALUES (%s)", [number])


@task("sample.write_and_linger")
def write_and_linger(number):
    """Most kills fall between the effect and the mark that it was done."""
    write(number)
    time.sleep(0.005)


@task("sample.write_then_fail")
def write_then_fail(number, person):
    write(number)
    raise ValueError(f"This does not concern {person}")


@task("sample.tell_and_write")
def tell_and_write(number, file):
    Path(file).touch()
    time.sleep(1)
    write(number)


@task("sample.over_the_network", lease=timedelta(minutes=1))
def over_the_network(number):
    write(number)
    if connection.in_atomic_block:
        raise AssertionError("A slow call would hold a transaction open.")


@task("sample.die")
def die():
    os.kill(os.getpid(), signal.SIGKILL)


@periodic("sample.tick", every=timedelta(seconds=1))
def tick():
    write(0)

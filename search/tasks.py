from datetime import time, timedelta

from jobs import queue
from jobs.registry import periodic, task

from . import indexing, misses, vocabulary

AT_ONCE = 4000  # documents given their vector in one job


# Some minutes of work at once, harmless when done twice: a worker killed in the middle is soon replaced.
@task(indexing.ENCODE, lease=timedelta(minutes=5))
def encode():
    if indexing.encode(most=AT_ONCE) == AT_ONCE:
        queue.put(indexing.ENCODE)


@periodic("search.count_words", daily_at=time(3, 30))
def count_words():
    vocabulary.count()


@periodic("search.purge", daily_at=time(3, 40))
def purge():
    misses.purge()

from datetime import time, timedelta

from jobs.registry import periodic, task

from . import indexing, misses, vocabulary


# Long at size, and harmless when done twice: out of any transaction.
@task(indexing.ENCODE, lease=timedelta(hours=1))
def encode():
    indexing.encode()


@periodic("search.count_words", daily_at=time(3, 30))
def count_words():
    vocabulary.count()


@periodic("search.purge", daily_at=time(3, 40))
def purge():
    misses.purge()

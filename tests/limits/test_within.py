import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from limits.models import Counter, within

HOUR = timedelta(hours=1)


@pytest.mark.django_db
def test_the_last_allowed_passes_and_the_next_does_not():
    assert [within("essai", "198.51.100.7", most=3, per=HOUR) for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.django_db
def test_persons_acts_and_windows_are_counted_apart(monkeypatch):
    assert within("essai", "une personne", most=1, per=HOUR)
    assert within("essai", "une autre", most=1, per=HOUR)
    assert within("autre chose", "une personne", most=1, per=HOUR)
    assert not within("essai", "une personne", most=1, per=HOUR)
    later = Counter.objects.latest("ends_at").ends_at + timedelta(seconds=1)
    monkeypatch.setattr("limits.models.timezone.now", lambda: later)
    assert within("essai", "une personne", most=1, per=HOUR)
    assert Counter.objects.expired().count() == 3


@pytest.mark.django_db
def test_the_table_does_not_tell_who():
    within("essai", "maire@exemple.fr", most=1, per=HOUR)
    assert "maire" not in str(Counter.objects.values_list())


@pytest.mark.django_db(transaction=True)
def test_tries_made_at_once_by_several_threads_are_all_counted():
    def hammer(_):
        try:
            return sum(within("essai", "partout", most=40, per=timedelta(days=1)) for _ in range(25))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(hammer, range(8))) == 40
    assert Counter.objects.get().count == 200


HAMMER = """
import sys, django
django.setup()
from datetime import timedelta
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from limits.models import within
print(sum(within("essai", "partout", most=40, per=timedelta(days=1)) for _ in range(50)))
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_the_count():
    command = [sys.executable, "-c", HAMMER, connection.settings_dict["NAME"]]
    workers = [
        subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [worker.communicate(timeout=60) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert sum(int(out) for out, _ in said) == 40

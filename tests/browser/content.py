"""What the pages show in browser tests."""

import io

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from jobs.models import Mail


def load_content():
    """The territories and the opening content, as `make run` loads them, and a mail of the demonstration."""
    for command in ("load_territories", "load_content"):
        call_command(command, stdout=io.StringIO(), stderr=io.StringIO())
    Mail.objects.create(
        pk=1,
        to="adjointe-a-l-amenagement-numerique@communaute-de-communes-du-pays-tres-lointain.example",
        subject="Votre question sur la reprise de la boulangerie attend un complément",
        body="Bonjour,\n\nRépondez ici\u00a0:\nhttps://portail.example/questions/la-reprise-de-la-boulangerie-du-bourg/\n",
        refused_at=timezone.now(),
        refusal="550 5.1.1 No such user",
    )
    with connection.cursor() as cursor:  # the next mail, that the portal writes by itself, is the second
        cursor.execute("SELECT setval(pg_get_serial_sequence('jobs_mail', 'id'), 1)")

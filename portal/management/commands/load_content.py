from django.core.management.base import BaseCommand
from django.db import connection, transaction

from experiences import opening as experiences
from inquiries import opening as inquiries
from progress import track
from roles import opening as roles
from search import indexing, synonyms

LOCK = 7_301_954  # any number of our own: two loads at once wait for each other


class Command(BaseCommand):
    help = "Met en base le contenu d’ouverture ; ce qui s’y trouve déjà est laissé tel quel."

    @transaction.atomic
    def handle(self, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        roles.load()
        experiences.load_lists()
        records = experiences.records()
        places = experiences.places_of(records)
        created = sum(experiences.load_experience(record, places) for record in track(records, "Expériences"))
        experiences.fill_keywords(records)
        experiences.load_illustrations()
        synonyms.load()
        inquiries.load()
        indexing.complete()
        self.stdout.write(f"Contenu d’ouverture : {created} expériences ajoutées, {len(records) - created} déjà là.")

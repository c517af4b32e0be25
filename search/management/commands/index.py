from django.core.management.base import BaseCommand

from search import indexing


class Command(BaseCommand):
    help = "Écrit de nouveau tout ce que la recherche connaît, d’après les contenus publics."

    def handle(self, *args, **options):
        indexing.rebuild()

from django.core.management.base import BaseCommand

from search import indexing


class Command(BaseCommand):
    help = "Écrit de nouveau tout ce que la recherche connaît, d’après les contenus publics."

    def handle(self, *args, **options):
        indexing.rebuild()
        encoded = indexing.encode()
        if encoded is None:
            self.stdout.write("L’encodeur n’est pas installé : la recherche se fait par les mots.")
        else:
            self.stdout.write(f"Sens calculé pour {encoded} documents.")

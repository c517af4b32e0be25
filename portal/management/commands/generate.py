from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from experiences.examples import store
from experiences.examples.sketch import Illustrator, Map
from experiences.models import Experience, Theme
from progress import Progress
from typography import french


class Command(BaseCommand):
    help = "Ajoute des expériences inventées, sur le modèle de celles d’ouverture, pour essayer le portail en nombre."

    def add_arguments(self, parser):
        parser.add_argument("--experiences", type=int, metavar="N", default=0, help="combien en tout pour ce tirage")
        parser.add_argument("--seed", type=int, default=1, help="le tirage : le même donne les mêmes expériences")
        parser.add_argument("--processes", type=int, default=1, metavar="N", help="combien y travaillent à la fois")
        parser.add_argument("--remove", action="store_true", help="retire toutes celles qui ont été ajoutées ainsi")
        parser.add_argument("--force", action="store_true", help="même si ce portail n’est pas une démonstration")

    def handle(self, *, experiences, seed, processes, remove, force, **options):
        if experiences < 0 or seed < 0 or processes < 1 or not (experiences or remove):
            raise CommandError("Indiquez combien d’expériences ajouter (--experiences 1000), ou --remove.")
        if remove:
            self.go_through(
                "Expériences retirées", Experience.objects.filter(is_generated=True).count(), store.remove()
            )
        if experiences:
            self.add(experiences, seed, processes, force)

    def add(self, wanted, seed, processes, force):
        if not (settings.IS_DEMONSTRATION or force):
            raise CommandError(
                "Ce portail est public : des expériences inventées y tromperaient (--force pour passer outre)."
            )
        if not Theme.objects.exists():
            raise CommandError(
                "Il faut d’abord les territoires et le contenu d’ouverture : load_territories, load_content."
            )
        numbers = store.missing(seed, wanted)
        self.go_through("Expériences inventées", len(numbers), store.add(Illustrator(seed, Map()), numbers, processes))

    def go_through(self, label, total, batches):
        with Progress(label, total) as progress:
            for done in batches:
                progress.advance(done)
        store.settle()
        self.stdout.write(f"{label}\u00a0: {french.number(total)}.")

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from experiences.examples import store
from experiences.examples.sketch import Illustrator, Map
from experiences.models import Experience, Theme
from inquiries.examples import store as questions_store
from inquiries.models import QuestionTheme
from progress import Progress
from typography import french

MOST_SEED, MOST_QUESTIONS = 99_999, 999_999


class Command(BaseCommand):
    help = "Ajoute des expériences et des questions inventées, pour essayer le portail en nombre."

    def add_arguments(self, parser):
        parser.add_argument("--experiences", type=int, metavar="N", default=0, help="combien en tout pour ce tirage")
        parser.add_argument("--questions", type=int, metavar="N", default=0, help="combien sur dix ans, de même")
        parser.add_argument("--seed", type=int, default=1, help="le tirage : le même donne la même chose")
        parser.add_argument("--processes", type=int, default=1, metavar="N", help="combien font les expériences")
        parser.add_argument("--remove", action="store_true", help="retire tout ce qui a été ajouté ainsi")
        parser.add_argument("--force", action="store_true", help="même si ce portail n’est pas une démonstration")

    def handle(self, *, experiences, questions, seed, processes, remove, force, **options):
        if min(experiences, questions, seed) < 0 or processes < 1 or not (experiences or questions or remove):
            raise CommandError(
                "Indiquez combien ajouter (--experiences 1000, --questions 120000), ou --remove pour tout retirer."
            )
        if seed > MOST_SEED or questions > MOST_QUESTIONS:
            raise CommandError(
                "Un tirage de 99 999 au plus, et 999 999 questions : leurs numéros n’ont pas plus de place."
            )
        if remove:
            self.remove()
        if (experiences or questions) and not (settings.IS_DEMONSTRATION or force):
            raise CommandError("Ce portail est public : ce qui est inventé y tromperait (--force pour passer outre).")
        if (experiences and not Theme.objects.exists()) or (questions and not QuestionTheme.objects.exists()):
            raise CommandError(
                "Il faut d’abord les territoires et le contenu d’ouverture : load_territories, load_content."
            )
        if experiences:
            numbers = store.missing(seed, experiences)
            made = store.add(Illustrator(seed, Map()), numbers, processes)
            self.go_through("Expériences inventées", len(numbers), made, store)
        if questions:
            numbers = questions_store.missing(seed, questions)
            self.go_through("Questions inventées", len(numbers), questions_store.add(seed, numbers), questions_store)

    def remove(self):
        experiences = Experience.objects.filter(is_generated=True).count()
        self.go_through(
            "Questions retirées", questions_store.removable().count(), questions_store.remove(), questions_store
        )
        self.go_through("Expériences retirées", experiences, store.remove(), store)

    def go_through(self, label, total, batches, where):
        with Progress(label, total) as progress:
            for done in batches:
                progress.advance(done)
        where.settle()
        self.stdout.write(f"{label}\u00a0: {french.number(total)}.")

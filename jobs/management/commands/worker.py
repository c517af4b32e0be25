from django.core.management.base import BaseCommand

from jobs import queue
from jobs.worker import Worker


class Command(BaseCommand):
    help = "Fait les travaux de fond : courriels, tâches périodiques. À lancer à côté du serveur web, une fois ou plus."

    def add_arguments(self, parser):
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--once", action="store_true", help="Fait un travail prêt, s’il y en a un, puis s’arrête.")
        group.add_argument("--until-idle", action="store_true", help="Fait tout ce qui est prêt, puis s’arrête.")

    def handle(self, *args, once, until_idle, **options):
        if once:
            queue.do_next()
        elif until_idle:
            queue.put_periodic({})
            queue.do_ready()
        else:
            worker = Worker()
            worker.stop_on_signals()
            worker.run()

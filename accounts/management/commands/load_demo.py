from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Function, Membership, MembershipState, User
from accounts.permissions import Duty
from territories.models import Collectivity

# Name, word of the address, duties, and what the list says of them.
ADVISER = ("Aline", "Conseil", "conseil", [Duty.ADVISER], "répond aux questions")
OTHERS = [
    ("Élise", "Mairie", "elue", [], "maire de Figeac"),
    ("Édith", "Édition", "edition", [Duty.CURATOR], "écrit les fiches"),
    ("Rémi", "Relecture", "relecture", [Duty.CURATOR], "relit et publie celles d’Édith"),
    ("Diane", "Direction", "direction", [Duty.MANAGER], "gère les personnes et les droits"),
]
PLACE = "commune:46102"


class Command(BaseCommand):
    help = "Crée un compte par sorte de personne, sur le poste lui-même seulement ; relancée, elle remet tout en état."

    def add_arguments(self, parser):
        parser.add_argument(
            "--to", type=Path, help="fichier où écrire la liste, lisible de vous seul, au lieu de l’afficher"
        )

    def handle(self, *args, **options):
        if not settings.IS_DEMONSTRATION:
            raise CommandError("Les comptes de démonstration n’existent que sur le poste lui-même, en http.")
        password = secret()
        with transaction.atomic():
            adviser = person(ADVISER, password)
            for entry in OTHERS:
                known = person(entry, password)
                if not known.duties:
                    confirm(known, by=adviser)
        lines = [f"  {address(entry)}  ({entry[-1]})" for entry in [OTHERS[0], ADVISER, *OTHERS[1:]]]
        told = "\n".join([f"Comptes de démonstration, mot de passe {password}\u00a0:", *lines])
        if options["to"]:
            options["to"].touch(mode=0o600)
            options["to"].write_text(told + "\n", encoding="utf-8")
        else:
            self.stdout.write(told)


def secret():
    """The same at each run on this machine, and unknown elsewhere: a copy of the database opens nothing."""
    return salted_hmac("accounts.demonstration", "mot de passe", algorithm="sha256").hexdigest()[:12]


def address(entry):
    return f"{entry[2]}@demonstration.invalid"


def person(entry, password):
    first_name, last_name, _, duties, _ = entry
    known = User.objects.filter(email=address(entry)).first() or User.objects.create_user(address(entry))
    known.first_name, known.last_name, known.duties, known.is_active = first_name, last_name, duties, True
    if not known.check_password(password):
        known.set_password(password)
    known.save()
    return known


def confirm(official, *, by):
    place = Collectivity.objects.filter(key=PLACE).first()
    if place and not official.memberships.present().filter(collectivity=place).exists():
        decision = {"state": MembershipState.CONFIRMED, "confirmed_at": timezone.now(), "confirmed_by": by}
        Membership.objects.create(person=official, collectivity=place, function=Function.MAYOR, **decision)

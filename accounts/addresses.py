"""The one way an e-mail address is written here: as stored, looked up, mailed and counted."""

from django import forms
from django.core.exceptions import ValidationError

INSIDE = {"localhost", "local", "internal"}


def canonical(address):
    """Return the address in lower-case ASCII, or refuse it with a sentence.

    Letters outside ASCII are refused rather than folded: « ı » and « I » are the same letter for the database in upper
    case, and two addresses for a server of mails, so that a code mailed to one would open the account of the other.
    """
    address = address.strip()
    if not address.isascii():
        raise ValidationError("Écrivez l’adresse sans accent ni caractère spécial.")
    address = address.lower()
    local, _, domain = address.rpartition("@")
    last = domain.rpartition(".")[2]
    if local.startswith('"') or domain.startswith("[") or last in INSIDE or last.isdigit():
        raise ValidationError("Indiquez une adresse publique, telle que mairie@exemple.fr.")
    return address


def folded(address):
    """The mailbox behind an address, to count what it receives: many servers drop a label (+…) and dots."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


class AddressField(forms.EmailField):
    def to_python(self, value):
        return canonical(super().to_python(value))

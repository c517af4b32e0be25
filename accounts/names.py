"""What the name of a person may be written with."""

import unicodedata

from django.core.exceptions import ValidationError

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
BLANK_LETTERS = {"\u115f", "\u1160", "\u3164", "\uffa0"}  # letters for Unicode, drawn as nothing


def validate_name(name):
    """Refuse what cannot be seen: it turns the text around it, or makes one person look like another."""
    if any(unicodedata.category(sign) in UNSEEN or sign in BLANK_LETTERS for sign in name):
        raise ValidationError("Ce nom contient un caractère invisible. Écrivez-le de nouveau au clavier.")
    if not any(unicodedata.category(sign).startswith("L") for sign in name):
        raise ValidationError("Écrivez au moins une lettre.")

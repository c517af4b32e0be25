from django.db import migrations

EVERY_GROUPING = "Le service est ouvert à toutes les intercommunalités, quelle que soit leur taille."
THIS_GROUPING = "{nom} est une intercommunalité : le service lui est ouvert quelle que soit sa taille."
BIG_COMMUNE = (
    "{nom} compte {habitants} : le service est réservé aux communes de moins de {seuil} habitants, "
    "sauf communes nouvelles."
)
OPEN_TO = (
    "{nom} compte {habitants} : le service est ouvert aux communes de moins de {seuil} habitants, et aux communes "
)
BY_VERSION = {
    1: OPEN_TO + "nouvelles ou déléguées quelle que soit leur taille.",
    2: OPEN_TO + "nouvelles, déléguées ou d’outre-mer quelle que soit leur taille.",
}


def write_plainer_sentences(apps, schema_editor):
    """Only where no manager wrote another one meanwhile. Who is admitted does not change, hence no new version."""
    rules = apps.get_model("territories", "EligibilityRule").objects.filter(ruleset__version__in=BY_VERSION)
    rules.filter(sentence=EVERY_GROUPING).update(sentence=THIS_GROUPING)
    for version, refusal in BY_VERSION.items():
        rules.filter(ruleset__version=version, refusal=BIG_COMMUNE).update(refusal=refusal)


class Migration(migrations.Migration):
    dependencies = [("territories", "0004_founding_rules")]

    operations = [migrations.RunPython(write_plainer_sentences, migrations.RunPython.noop)]

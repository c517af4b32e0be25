from datetime import date

from django.db import migrations

FOUNDING = "Territoires Conseils, web conférence du 4 décembre 2017"
REFUSAL = (
    "Le service s’adresse aux communes, aux intercommunalités et aux territoires de projet, et non aux départements, "
    "aux régions ni aux collectivités d’outre-mer."
)
OVERSEAS = {
    "kinds": ["commune"],
    "condition": "outre-mer",
    "sentence": "{nom} est une commune d’outre-mer : le service lui est ouvert quelle que soit sa taille.",
}
RULES = [
    {
        "kinds": ["commune"],
        "condition": "commune-nouvelle",
        "sentence": "{nom} est une commune nouvelle : le service lui est ouvert quelle que soit sa taille.",
    },
    {
        "kinds": ["commune"],
        "condition": "moins-de",
        "threshold": 10_000,
        "sentence": "{nom} compte {habitants} : le service est ouvert aux communes de moins de {seuil} habitants.",
        "refusal": "{nom} compte {habitants} : le service est réservé aux communes de moins de {seuil} habitants, "
        "sauf communes nouvelles.",
    },
    {
        "kinds": ["deleguee"],
        "sentence": "{nom} est une commune déléguée : le service lui est ouvert quelle que soit sa taille.",
    },
    # The document names déléguées alone. The others have no council of their own and ask as the commune does.
    {
        "kinds": ["associee", "arrondissement"],
        "condition": "comme-sa-commune",
        "sentence": "{nom} fait partie de la commune de {commune}, à laquelle le service est ouvert.",
        "refusal": "{nom} fait partie de la commune de {commune}, à laquelle le service n’est pas ouvert.",
    },
    {
        "kinds": ["intercommunalite"],
        "sentence": "Le service est ouvert à toutes les intercommunalités, quelle que soit leur taille.",
    },
    {
        "kinds": ["petr", "pays", "pnr"],
        "sentence": "Le service est ouvert aux territoires de projet : PETR, pays et parcs naturels régionaux.",
    },
]
VERSIONS = [
    {
        "version": 1,
        "label": "règles du document de départ",
        "source": FOUNDING,
        "valid_from": date(2017, 12, 4),
        "is_active": True,
        "rules": RULES,
    },
    {
        "version": 2,
        "label": "les mêmes, et toutes les communes d’outre-mer",
        "source": "Le service les a admises plus tard, à une date qui reste à établir",
        "is_active": False,
        "rules": [OVERSEAS, *RULES],
    },
]


def write_rules(apps, schema_editor):
    for version in VERSIONS:
        fields = {name: value for name, value in version.items() if name != "rules"}
        ruleset = apps.get_model("territories", "EligibilityRuleSet").objects.create(**fields, refusal=REFUSAL)
        for position, rule in enumerate(version["rules"], start=1):
            ruleset.rules.create(position=position, **rule)


class Migration(migrations.Migration):
    dependencies = [("territories", "0003_eligibility")]

    operations = [migrations.RunPython(write_rules, migrations.RunPython.noop)]

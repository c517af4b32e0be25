import json
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from territories import reference
from territories.models import Kind
from typography.french import number

KINDS = {
    "commune-actuelle": Kind.COMMUNE,
    "commune-deleguee": Kind.DELEGATED,
    "commune-associee": Kind.ASSOCIATED,
    "arrondissement-municipal": Kind.MUNICIPAL_DISTRICT,
}


class Command(BaseCommand):
    help = "Écrit les fichiers d’un millésime depuis le paquet @etalab/decoupage-administratif déplié."

    def add_arguments(self, parser):
        parser.add_argument("package", type=Path, help="dossier du paquet, qui contient package.json et data/")
        parser.add_argument("vintage", type=int, help="millésime, par exemple 2026")
        parser.add_argument("--into", type=Path, help="dossier à écrire (par défaut territories/data/<millésime>)")

    def handle(self, *, package, vintage, into, **options):
        try:
            about = json.loads((package / "package.json").read_text(encoding="utf-8"))
            tables = {
                name: json.loads((package / "data" / f"{name}.json").read_text(encoding="utf-8"))
                for name in ["regions", "departements", "epci", "communes"]
            }
        except (OSError, ValueError) as error:
            raise CommandError(f"Ce dossier n’est pas celui du paquet déplié\u00a0: {error}") from error
        folder = into or reference.DATA / str(vintage)
        source = f"{about['name']} {about['version']}"
        seal = reference.write(folder, build_rows(**tables), vintage=vintage, source=source)
        self.stdout.write(f"{number(sum(seal['rows'].values()))} lignes écrites dans {folder}, depuis {source}.")


def build_rows(regions, departements, epci, communes):
    """One row per collectivity, those that others point at first.

    The package gives the overseas collectivities twice, as régions and as départements; they are one body.
    Populations above the commune are sums over communes: the package mixes two years otherwise.
    """
    whole = {place["code"]: place for place in communes if place["type"] == "commune-actuelle"}
    groups = {member["code"]: group["code"] for group in epci for member in group["membres"]}
    overseas = {place["code"] for place in departements if place["zone"] == "com"}
    main_departement = {group["code"]: find_main_departement(group, whole) for group in epci}

    def departement_key(code):
        return f"{Kind.OVERSEAS if code in overseas else Kind.DEPARTEMENT}:{code}"

    def region_key(code):
        return "" if code in overseas else f"{Kind.REGION}:{code}"

    region_of = {place["code"]: place["region"] for place in departements}
    rows = [
        {
            "kind": Kind.REGION,
            "code": place["code"],
            "name": place["nom"],
            "population": sum_population(c for c in whole.values() if c["region"] == place["code"]),
            "seat": f"{Kind.COMMUNE}:{place['chefLieu']}",
        }
        for place in regions
        if place["zone"] != "com"
    ]
    rows += [
        {
            "kind": Kind.OVERSEAS if place["code"] in overseas else Kind.DEPARTEMENT,
            "code": place["code"],
            "name": place["nom"],
            "population": sum_population(c for c in whole.values() if c["departement"] == place["code"]),
            "region": region_key(place["region"]),
            "seat": f"{Kind.COMMUNE}:{place['chefLieu']}",
        }
        for place in departements
    ]
    rows += [
        {
            "kind": Kind.INTERCOMMUNALITY,
            "code": group["code"],
            "name": group["nom"],
            "nature": group["type"],
            "siren": group["code"],
            "population": sum_population(whole[member["code"]] for member in group["membres"]),
            "departement": departement_key(main_departement[group["code"]]),
            "region": region_key(region_of[main_departement[group["code"]]]),
        }
        for group in epci
    ]
    for place in communes:
        parent = place.get("chefLieu") or place.get("commune")
        with_postal_codes = place if "codesPostaux" in place or not parent else whole[parent]
        group = groups.get(place["code"]) if not parent else None
        rows.append(
            {
                "kind": KINDS[place["type"]],
                "code": place["code"],
                "name": place["nom"],
                "siren": place.get("siren", ""),
                "population": place.get("population", ""),
                "postal_codes": " ".join(sorted(with_postal_codes.get("codesPostaux", []))),
                "departement": departement_key(place["departement"]),
                "region": region_key(place["region"]),
                "intercommunality": f"{Kind.INTERCOMMUNALITY}:{group}" if group else "",
                "parent": f"{Kind.COMMUNE}:{parent}" if parent else "",
                "former_codes": " ".join(sorted(place.get("anciensCodes", []))),
            }
        )
    order = [Kind.REGION, Kind.OVERSEAS, Kind.DEPARTEMENT, Kind.INTERCOMMUNALITY, *KINDS.values()]
    return sorted(rows, key=lambda row: (order.index(row["kind"]), row["code"]))


def find_main_departement(group, whole):
    """Where most of its inhabitants live; the lower code when two are level."""
    inhabitants: Counter[str] = Counter()
    for member in group["membres"]:
        commune = whole[member["code"]]
        inhabitants[commune["departement"]] += commune.get("population", 0)
    return min(inhabitants, key=lambda code: (-inhabitants[code], code))


def sum_population(communes):
    """The inhabitants of communes, or nothing where none is counted (the Terres australes)."""
    known = [commune["population"] for commune in communes if "population" in commune]
    return sum(known) if known else ""

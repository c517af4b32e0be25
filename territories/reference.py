"""The files of the reference: `territories/data/<millésime>/`, one table of all collectivities and its seal."""

import csv
import gzip
import hashlib
import io
import json
import zlib
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
TABLE = "collectivities.csv.gz"
SEAL = "seal.json"
# Shared by all millésimes: the communes nouvelles that no commune déléguée gives away, each with its source.
NEW_COMMUNES = DATA / "communes_nouvelles.csv"
# Parcs naturels régionaux, which the official reference does not hold: what managers complete is theirs.
PARKS = DATA / "parcs.csv"

COLUMNS = [
    "kind",
    "code",
    "name",
    "nature",
    "siren",
    "population",
    "postal_codes",
    "departement",
    "region",
    "intercommunality",
    "parent",
    "seat",
    "former_codes",
]


class DamagedReferenceError(Exception):
    """The files do not hold what their seal says; the message says which, in French."""


def newest():
    return max(folder for folder in DATA.iterdir() if (folder / SEAL).exists())


def write(folder, rows, *, vintage, source):
    """Write rows (dicts of text by column) and their seal; the same rows always give the same bytes."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    content = text.getvalue().encode()
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["kind"]] = counts.get(row["kind"], 0) + 1
    seal = {"vintage": vintage, "source": source, "sha256": hashlib.sha256(content).hexdigest(), "rows": counts}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TABLE).write_bytes(gzip.compress(content, 9, mtime=0))
    (folder / SEAL).write_text(json.dumps(seal, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return seal


def read_seal(folder):
    path = folder / SEAL
    try:
        seal = json.loads(path.read_text(encoding="utf-8"))
        return {"vintage": int(seal["vintage"]), "sha256": str(seal["sha256"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedReferenceError(f"{path} manque ou est illisible") from error


def read(folder):
    """The table of a folder, once checked against its seal."""
    seal = read_seal(folder)
    path = folder / TABLE
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedReferenceError(f"{path} manque ou est illisible") from error
    if hashlib.sha256(content).hexdigest() != seal["sha256"]:
        raise DamagedReferenceError(f"{path} n’est pas le fichier que décrit {SEAL}")
    return content


def read_new_communes():
    with NEW_COMMUNES.open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def read_parks():
    with PARKS.open(encoding="utf-8", newline="") as file:
        return [(row["code"], row["name"]) for row in csv.DictReader(file)]


def checksum(folder):
    """What changes when, and only when, a load would give something else."""
    parts = [read_seal(folder)["sha256"].encode(), NEW_COMMUNES.read_bytes(), PARKS.read_bytes()]
    return hashlib.sha256(b"".join(parts)).hexdigest()

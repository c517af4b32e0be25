import io
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from progress import Progress
from territories import reference
from territories.models import Collectivity, Kind, ReferenceLoad
from typography.french import number

BATCH = 2000
SHOWN = 20  # lines of each kind of change

INCOMING = """
CREATE TEMPORARY TABLE incoming (
    line integer GENERATED ALWAYS AS IDENTITY, kind text, code text, name text, nature text, siren text,
    population text, postal_codes text, departement text, region text, intercommunality text, parent text,
    seat text, former_codes text
)
"""

# NULL is a word that no cell holds, so that an empty cell is an empty text.
COPY = f"COPY incoming ({', '.join(reference.COLUMNS)}) FROM STDIN (FORMAT csv, HEADER, NULL 'NULL')"

# All that the reference says is rewritten, so that a row changed by hand comes back right; the primary key stays.
UPSERT = """
INSERT INTO territories_collectivity (
    kind, code, name, nature, siren, population, postal_codes, former_codes, is_new_commune, vintage,
    departement_id, region_id, intercommunality_id, parent_id
)
SELECT
    i.kind, i.code, i.name, i.nature, i.siren, nullif(i.population, '')::integer,
    string_to_array(i.postal_codes, ' '), string_to_array(i.former_codes, ' '),
    i.kind = 'commune' AND (
        i.code = ANY(%(new_communes)s)
        OR 'commune:' || i.code IN (SELECT part.parent FROM incoming part WHERE part.kind = 'deleguee')
    ),
    %(vintage)s, departement.id, region.id, intercommunality.id, parent.id
FROM incoming i
LEFT JOIN territories_collectivity departement ON departement.key = i.departement
LEFT JOIN territories_collectivity region ON region.key = i.region
LEFT JOIN territories_collectivity intercommunality ON intercommunality.key = i.intercommunality
LEFT JOIN territories_collectivity parent ON parent.key = i.parent
WHERE i.line BETWEEN %(first)s AND %(last)s
ORDER BY i.line
ON CONFLICT (code, kind) DO UPDATE SET
    name = EXCLUDED.name, nature = EXCLUDED.nature, siren = EXCLUDED.siren, population = EXCLUDED.population,
    postal_codes = EXCLUDED.postal_codes, former_codes = EXCLUDED.former_codes,
    is_new_commune = EXCLUDED.is_new_commune, vintage = EXCLUDED.vintage, ended_in = NULL, successor_id = NULL,
    departement_id = EXCLUDED.departement_id, region_id = EXCLUDED.region_id,
    intercommunality_id = EXCLUDED.intercommunality_id, parent_id = EXCLUDED.parent_id
"""

# Once all is there: départements and régions come before the communes they have as seat.
SEATS = """
UPDATE territories_collectivity place SET seat_id = seat.id
FROM incoming i LEFT JOIN territories_collectivity seat ON seat.key = i.seat
WHERE place.code = i.code AND place.kind = i.kind AND place.seat_id IS DISTINCT FROM seat.id
"""

# Read before anything is written, then with its successor once all is there.
CREATED = """
SELECT i.kind, i.code, i.name FROM incoming i
WHERE NOT EXISTS (SELECT FROM territories_collectivity known WHERE known.code = i.code AND known.kind = i.kind)
ORDER BY i.line
"""
RENAMED = """
SELECT i.kind, i.code, known.name, i.name
FROM incoming i JOIN territories_collectivity known ON known.code = i.code AND known.kind = i.kind
WHERE known.name <> i.name ORDER BY i.line
"""
MEMBERS = """
CREATE TEMPORARY TABLE member_before AS
SELECT intercommunality_id AS before_id, id AS member_id FROM territories_collectivity
WHERE intercommunality_id IS NOT NULL AND ended_in IS NULL
"""
# Rows entered by hand have no millésime and never end by a load.
ENDED = """
UPDATE territories_collectivity gone SET ended_in = %(vintage)s
WHERE vintage IS NOT NULL AND ended_in IS NULL
AND NOT EXISTS (SELECT FROM incoming i WHERE i.code = gone.code AND i.kind = gone.kind)
"""
# A commune: that of the déléguée or associée which kept its code, or the one that lists it among its old codes.
# A part of a commune: that commune. An intercommunalité: the one that most of its members are in today.
SUCCESSORS = """
UPDATE territories_collectivity gone SET successor_id = heir.id
FROM territories_collectivity heir
WHERE gone.ended_in = %(vintage)s AND gone.successor_id IS NULL AND heir.ended_in IS NULL AND heir.id = coalesce(
    CASE WHEN gone.kind = 'commune' THEN (
        SELECT part.parent_id FROM territories_collectivity part
        WHERE part.code = gone.code AND part.kind IN ('deleguee', 'associee') AND part.ended_in IS NULL LIMIT 1
    ) END,
    CASE WHEN gone.kind = 'commune' THEN (
        SELECT taker.id FROM territories_collectivity taker
        WHERE taker.former_codes @> ARRAY[gone.code] AND taker.ended_in IS NULL LIMIT 1
    ) END,
    CASE WHEN gone.kind = 'intercommunalite' THEN (
        SELECT member.intercommunality_id
        FROM member_before JOIN territories_collectivity member ON member.id = member_id
        WHERE before_id = gone.id AND member.intercommunality_id <> gone.id
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
    ) END,
    gone.parent_id
)
"""
GONE = """
SELECT gone.kind, gone.code, gone.name, heir.name
FROM territories_collectivity gone LEFT JOIN territories_collectivity heir ON heir.id = gone.successor_id
WHERE gone.ended_in = %(vintage)s ORDER BY gone.kind, gone.code
"""

# A search just after a load would otherwise read the pending lists of the indexes from end to end, without statistics.
SETTLE = """
SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
JOIN pg_am ON pg_am.oid = relam WHERE amname = 'gin' AND indrelid = 'territories_collectivity'::regclass;
ANALYZE territories_collectivity
"""


class Command(BaseCommand):
    help = "Charge la référence des territoires ; ne fait rien si elle est déjà chargée."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, nargs="?", help="dossier d’un millésime (par défaut le plus récent)")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, sans rien changer")

    def handle(self, *, folder, dry_run, verbosity, **options):
        folder = folder or reference.newest()
        try:
            vintage, checksum = reference.read_seal(folder)["vintage"], reference.checksum(folder)
            last = ReferenceLoad.objects.order_by("vintage").last()
            if last and last.vintage > vintage:
                raise CommandError(f"Le millésime {last.vintage} est chargé\u00a0: {vintage} est plus ancien.")
            if last and (last.vintage, last.checksum) == (vintage, checksum):
                self.stdout.write(f"Territoires\u00a0: millésime {vintage} déjà chargé, rien à faire.")
                return
            table = reference.read(folder)
        except reference.DamagedReferenceError as error:
            raise CommandError(f"{error}\u00a0: rien n’a été chargé. Reprenez ce dossier du dépôt.") from error
        with transaction.atomic():
            changes = load(table, vintage)
            load_parks()
            ReferenceLoad.objects.update_or_create(vintage=vintage, defaults={"checksum": checksum})
            transaction.set_rollback(dry_run)
        done = "serait chargé, rien n’a changé" if dry_run else "chargé"
        self.stdout.write(f"Territoires\u00a0: millésime {vintage} {done}, {number(changes.count)} lignes.")
        if last or dry_run:
            self.tell(changes, shown=None if verbosity > 1 else SHOWN)

    def tell(self, changes, shown):
        """Each kind of change, its number and the first lines; all of them with `-v 2`."""
        for title, lines in changes.titled():
            self.stdout.write(f"{title}\u00a0: {number(len(lines))}")
            for line in lines[:shown]:
                self.stdout.write(f"  {line}")
            if shown is not None and len(lines) > shown:
                self.stdout.write(f"  et {number(len(lines) - shown)} de plus (-v 2 pour tout voir)")


@dataclass
class Changes:
    """What a millésime changes, as rows of texts: kind, code, name, and the name it takes or the successor."""

    count: int
    created: list[tuple]
    renamed: list[tuple]
    gone: list[tuple]

    def titled(self):
        merged = [row for row in self.gone if row[3]]
        vanished = [row for row in self.gone if not row[3]]
        yield "Créées", [f"{kind} {code} {name}" for kind, code, name in self.created]
        yield "Réunies à une autre", [f"{kind} {code} {name} → {heir}" for kind, code, name, heir in merged]
        yield "Renommées", [f"{kind} {code} {old} → {new}" for kind, code, old, new in self.renamed]
        yield "Disparues, sans successeur connu", [f"{kind} {code} {name}" for kind, code, name, _ in vanished]


def load(table, vintage):
    """Insert or update by kind and code, in the order of the table: those that others point at come first.

    What the table no longer holds ends, keeps its row, and says who took over.
    """
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        cursor.copy_expert(COPY, io.BytesIO(table))
        cursor.execute("ANALYZE incoming")
        cursor.execute("SELECT min(line), max(line) FROM incoming GROUP BY kind ORDER BY 1")
        kinds = cursor.fetchall()
        count = kinds[-1][1]
        created, renamed = rows(cursor, CREATED), rows(cursor, RENAMED)
        cursor.execute(MEMBERS)
        facts = {"vintage": vintage, "new_communes": reference.read_new_communes()}
        with Progress("Territoires", count) as progress:
            # No batch spans two kinds: a row finds those it points at in an earlier batch.
            for start, end in kinds:
                for first in range(start, end + 1, BATCH):
                    last = min(first + BATCH - 1, end)
                    cursor.execute(UPSERT, {**facts, "first": first, "last": last})
                    progress.advance(last - first + 1)
        cursor.execute(SEATS)
        cursor.execute(ENDED, facts)
        cursor.execute(SUCCESSORS, facts)
        gone = rows(cursor, GONE, facts)
        cursor.execute("DROP TABLE incoming, member_before")
        cursor.execute(SETTLE)
    return Changes(count, created, renamed, gone)


def load_parks():
    """Those of the list that are missing; a row that is there belongs to the managers, who complete and correct it."""
    parks = [Collectivity(kind=Kind.PARK, code=code, name=name) for code, name in reference.read_parks()]
    Collectivity.objects.bulk_create(parks, ignore_conflicts=True)


def rows(cursor, sql, facts=None):
    cursor.execute(sql, facts)
    return cursor.fetchall()

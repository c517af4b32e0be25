import io
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from progress import Progress
from territories import reference
from territories.models import ReferenceLoad
from typography.french import number

BATCH = 2000

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

    def handle(self, *, folder, **options):
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
            count = load(table, vintage)
            ReferenceLoad.objects.update_or_create(vintage=vintage, defaults={"checksum": checksum})
        self.stdout.write(f"Territoires\u00a0: millésime {vintage} chargé, {number(count)} lignes.")


def load(table, vintage):
    """Insert or update by kind and code, in the order of the table: those that others point at come first."""
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        cursor.copy_expert(COPY, io.BytesIO(table))
        cursor.execute("ANALYZE incoming")
        cursor.execute("SELECT min(line), max(line) FROM incoming GROUP BY kind ORDER BY 1")
        kinds = cursor.fetchall()
        count = kinds[-1][1]
        facts = {"vintage": vintage, "new_communes": reference.read_new_communes()}
        with Progress("Territoires", count) as progress:
            # No batch spans two kinds: a row finds those it points at in an earlier batch.
            for start, end in kinds:
                for first in range(start, end + 1, BATCH):
                    last = min(first + BATCH - 1, end)
                    cursor.execute(UPSERT, {**facts, "first": first, "last": last})
                    progress.advance(last - first + 1)
        cursor.execute(SEATS)
        cursor.execute("DROP TABLE incoming")
        cursor.execute(SETTLE)
    return count

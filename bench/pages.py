"""What visitors ask for: many addresses of each kind, drawn by seed from the experiences that every size has."""

import random
import re
from urllib.parse import urlencode

from bench.bases import SEED, Base
from bench.load import BARE

SHARED = 1000  # experiences of the smallest size, hence of all
SCENARIOS = ("liste", "filtrée", "recherche", "fiche")
LISTED = """
SELECT slug, title, pitch, started_year, posture_id,
    (SELECT theme_id FROM experiences_filedtheme f WHERE f.experience_id = e.id ORDER BY position LIMIT 1),
    (SELECT role_id FROM experiences_roleheld r WHERE r.experience_id = e.id ORDER BY position LIMIT 1),
    c.name, d.code
FROM experiences_experience e
JOIN experiences_location l ON l.experience_id = e.id AND l.position = 1
JOIN territories_collectivity c ON c.id = l.collectivity_id
LEFT JOIN territories_collectivity d ON d.id = c.departement_id
WHERE e.state IN ('publiee', 'a-reviser') AND e.slug LIKE %s
ORDER BY e.slug
"""
WORD = re.compile(r"[^\W\d_]{4,}")


def draw(base: Base) -> dict[str, list[str]]:
    """Addresses by scenario; the same for every size."""
    with base.connect() as connection, connection.cursor() as cursor:
        cursor.execute(LISTED, [f"exemple-{SEED}-%"])
        rows = [row for row in cursor.fetchall() if int(row[0].split("-")[2]) <= SHARED]
    chance = random.Random(SEED)
    return {
        "vide": [BARE],
        "liste": ["/experiences/", *(f"/experiences/?page={page}" for page in range(2, 6))],
        "filtrée": [f"/experiences/?{urlencode(_filters(chance, chance.choice(rows)))}" for _ in range(150)],
        "recherche": [f"/experiences/?{urlencode({'q': _query(chance, chance.choice(rows))})}" for _ in range(60)],
        "fiche": [f"/experiences/{row[0]}/" for row in chance.sample(rows, min(200, len(rows)))],
    }


def _filters(chance: random.Random, row: tuple) -> dict[str, str]:
    """One to three filters that at least one experience answers, sometimes another page or order."""
    _, _, _, year, posture, theme, role, _, departement = row
    values = {"theme": theme, "role": role, "posture": posture, "departement": departement}
    if year:
        values["decennie"] = str(year // 10 * 10)
    known = [name for name, value in values.items() if value]
    return {name: values[name] for name in chance.sample(known, chance.randint(1, 3))}


def _query(chance: random.Random, row: tuple) -> str:
    """Words of a title or of a pitch, a place, or a word with a typing error."""
    _, title, pitch, *_, place, _ = row
    kind = chance.random()
    words = WORD.findall(pitch if kind < 0.3 else title) or [place]
    start = chance.randrange(len(words))
    picked = words[start : start + chance.randint(1, 3)]
    if kind > 0.85:
        return place
    if kind > 0.75:
        longest = max(range(len(picked)), key=lambda number: len(picked[number]))
        picked[longest] = _mistyped(chance, picked[longest])
    return " ".join(picked)


def _mistyped(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

"""Which other sheets to read after this one, and why: near by what they tell, or by the collectivity they are about."""

from dataclasses import dataclass

from django.db import connection

from roles.models import RoleKey
from typography import french

from .models import LISTED_STATES, Experience
from .searchable import NAME

READ_NEXT = 4
COMPARABLE = 3

# Meaning brings the candidates, or themes where the sheet has no vector yet; what they share then weighs on the order.
# Of the way from nothing in common to the same text, a theme in common is worth a tenth, a role a third of that.
# Two collectivities are comparable when they are of one kind and one is at most twice as populated as the other.
PLACES = """
    SELECT DISTINCT ON (other.id) sheet.id, other.departement_id = mine.departement_id AS is_near,
        abs(ln(1.0 + other.population) - ln(1.0 + mine.population)) AS gap
    FROM mine
    JOIN territories_collectivity AS other ON other.kind = mine.kind AND other.id <> mine.id
        AND other.population BETWEEN mine.population / 2 AND mine.population * 2 AND {where}
    JOIN experiences_location AS located ON located.collectivity_id = other.id
    JOIN experiences_experience AS sheet ON sheet.id = located.experience_id
    WHERE sheet.state = ANY(%(listed)s) AND sheet.id <> %(experience)s AND sheet.id NOT IN (SELECT id FROM read_next)
        AND located.position = (SELECT min(position) FROM experiences_location WHERE experience_id = sheet.id)
    ORDER BY other.id, sheet.is_in_founding_document DESC, sheet.first_published_on DESC, sheet.id
"""
FIND = """
WITH me AS (
    SELECT vector, plainto_tsquery('search_french', title)::text AS words
    FROM search_document WHERE kind = %(kind)s AND key = %(key)s
), by_meaning AS (
    SELECT (SELECT key::bigint FROM search_document AS document WHERE document.id = nearest.id) AS id, likeness
    FROM me CROSS JOIN LATERAL search_nearest(%(kind)s, me.vector, 41) AS nearest
    WHERE me.vector IS NOT NULL
), by_theme AS (
    SELECT theirs.experience_id AS id
    FROM experiences_filedtheme AS mine JOIN experiences_filedtheme AS theirs USING (theme_id)
    WHERE mine.experience_id = %(experience)s AND NOT EXISTS (SELECT FROM by_meaning)
    GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 200
), candidates AS (
    SELECT id, likeness, 0.3 AS enough FROM by_meaning WHERE id <> %(experience)s
    UNION ALL
    SELECT by_theme.id, ts_rank(document.heading, replace(me.words, '&', '|')::tsquery, 1), 0.01
    FROM by_theme
    JOIN search_document AS document ON kind = %(kind)s AND key = by_theme.id::text AND is_listed AND key <> %(key)s
    CROSS JOIN me
), read_next AS (
    SELECT candidates.id, likeness > enough AND rank() OVER (ORDER BY likeness DESC) <= 5 AS is_near, themes, roles,
        likeness + 0.1 * least(cardinality(themes), 2) + 0.03 * least(cardinality(roles), 3) AS score
    FROM candidates
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(theirs.theme_id ORDER BY mine.position), '{{}}') AS themes
        FROM experiences_filedtheme AS mine JOIN experiences_filedtheme AS theirs USING (theme_id)
        WHERE mine.experience_id = %(experience)s AND theirs.experience_id = candidates.id
    ) AS filed
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(DISTINCT role_id), '{{}}') AS roles
        FROM experiences_roleheld AS mine JOIN experiences_roleheld AS theirs USING (role_id)
        WHERE mine.experience_id = %(experience)s AND theirs.experience_id = candidates.id
            AND NOT mine.is_to_check AND NOT theirs.is_to_check
    ) AS held
    ORDER BY score DESC, candidates.id LIMIT %(read_next)s
), mine AS (
    SELECT place.* FROM experiences_experience AS sheet
    JOIN territories_collectivity AS place ON place.id = coalesce(sheet.bearer_id, (
        SELECT collectivity_id FROM experiences_location WHERE experience_id = sheet.id ORDER BY position LIMIT 1))
    WHERE sheet.id = %(experience)s
), comparable AS ({around}), further AS (
    {elsewhere}
)
SELECT id, false, is_near, themes, roles FROM (TABLE read_next ORDER BY score DESC, id) AS read_next
UNION ALL
SELECT id, true, is_near, '{{}}', '{{}}' FROM (
    SELECT * FROM (TABLE comparable UNION ALL TABLE further) AS place
    ORDER BY is_near DESC, gap, id LIMIT %(comparable)s
) AS comparable
""".format(  # noqa: S608 - only words of this file
    around=PLACES.format(where="other.region_id = mine.region_id"),
    elsewhere=PLACES.format(where="NOT EXISTS (SELECT FROM comparable)"),
)


@dataclass(frozen=True)
class Found:
    """A sheet to read, by its key, and what it has in common with the one that is read."""

    key: int
    is_comparable: bool
    is_near: bool
    themes: list[str]
    roles: list[str]


@dataclass(frozen=True)
class Neighbour:
    experience: Experience
    reason: str


def find(experience):
    """What to read after this sheet, then what comparable collectivities did: their keys."""
    numbers = {"read_next": READ_NEXT, "comparable": COMPARABLE}
    sheet = {"experience": experience, "key": str(experience), "kind": NAME, "listed": LISTED_STATES}
    with connection.cursor() as cursor:
        cursor.execute(FIND, sheet | numbers)
        return [Found(*row) for row in cursor.fetchall()]


def tell(found, experiences):
    """The sheets to read next, then those of comparable collectivities, each with its reason in plain words."""
    sheets = {experience.pk: experience for experience in experiences}
    found = [one for one in found if one.key in sheets]  # one may be gone since
    read_next = [Neighbour(sheets[one.key], _common(one, sheets[one.key])) for one in found if not one.is_comparable]
    comparable = [Neighbour(sheets[one.key], _likeness(one, sheets[one.key])) for one in found if one.is_comparable]
    return read_next, comparable


def _common(one, experience):
    reasons = ["sujet voisin"] if one.is_near else []
    themes = [filing.theme.label for filing in experience.filings.all() if filing.theme_id in one.themes]
    if themes:
        reasons.append(f"{'même thème' if len(themes) == 1 else 'mêmes thèmes'}\u00a0: {' ; '.join(themes)}")
    roles = [key.label.lower() for key in RoleKey if key in one.roles]
    if roles:
        reasons.append(f"{'même rôle' if len(roles) == 1 else 'mêmes rôles'}\u00a0: {', '.join(roles)}")
    return " · ".join(reasons) or "autre récit de la base"


def _likeness(one, experience):
    place = experience.locations.all()[0].collectivity
    told = [place.name, f"{place.kind_text} de {french.number(place.population)} habitants"]
    if one.is_near:
        told.append("dans le même département")
    elif place.region:
        told.append(place.region.name)
    return ", ".join(told)

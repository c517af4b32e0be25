"""The words under which an experience is found: its own, those of its facts, and the names and codes of its places.

Kept beside the sheet and refreshed when it changes, so that a search reads one index and not ten tables.
"""

from django.db import connection

CONFIGURATION = "french_unaccent"  # made by the migration: French stems, accents aside

REFRESH = """
UPDATE experiences_experience e SET search_vector =
    setweight(to_tsvector('french_unaccent', concat_ws(' ', e.title, e.organisations)), 'A')
    || setweight(to_tsvector('french_unaccent', concat_ws(' ', e.pitch, array_to_string(e.keywords, ' '),
        (SELECT string_agg(
                concat_ws(' ', c.name, c.code, array_to_string(c.postal_codes, ' '), d.name, d.code, r.name), ' ')
            FROM experiences_location l
            JOIN territories_collectivity c ON c.id = l.collectivity_id
            LEFT JOIN territories_collectivity d ON d.id = c.departement_id
            LEFT JOIN territories_collectivity r ON r.id = c.region_id
            WHERE l.experience_id = e.id),
        (SELECT string_agg(t.label, ' ') FROM experiences_filedtheme f JOIN experiences_theme t ON t.key = f.theme_id
            WHERE f.experience_id = e.id))), 'B')
    || setweight(to_tsvector('french_unaccent', concat_ws(' ',
        e.legal_form_text, e.need, e.context, e.starting_event, e.governance, e.economic_model, e.posture_basis,
        array_to_string(e.resources || e.lessons || e.first_steps || e.policy_issue_texts, ' '),
        (SELECT string_agg(label, ' ') FROM experiences_step WHERE experience_id = e.id AND NOT is_to_check),
        (SELECT string_agg(concat_ws(' ', holder, how), ' ') FROM experiences_roleheld
            WHERE experience_id = e.id AND NOT is_to_check),
        (SELECT string_agg(concat_ws(' ', label, unit), ' ') FROM experiences_result
            WHERE experience_id = e.id AND NOT is_to_check),
        (SELECT string_agg(text, ' ') FROM experiences_difficulty WHERE experience_id = e.id AND NOT is_to_check),
        (SELECT string_agg(text, ' ') FROM experiences_condition WHERE experience_id = e.id))), 'C')
WHERE e.id = ANY(%s)
"""


def refresh(experiences):
    """Write again the words of these experiences; to be called in the transaction that changed them."""
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, [[experience.pk for experience in experiences]])

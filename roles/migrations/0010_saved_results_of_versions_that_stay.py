from django.db import migrations

FORWARD = """
-- A draft changes: what was answered to it could not be read any more.
CREATE FUNCTION roles_refuse_result_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM roles_questionnaire WHERE id = NEW.questionnaire_id AND state = 'brouillon') THEN
        RAISE 'The result of a draft is not saved.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER roles_savedresult_of_served_version BEFORE INSERT OR UPDATE OF questionnaire_id, answers
    ON roles_savedresult FOR EACH ROW EXECUTE FUNCTION roles_refuse_result_of_draft();
"""

BACKWARD = """
DROP TRIGGER roles_savedresult_of_served_version ON roles_savedresult;
DROP FUNCTION roles_refuse_result_of_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("roles", "0009_saved_results")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

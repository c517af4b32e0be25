from django.db import migrations

FORWARD = """
CREATE FUNCTION roles_questionnaire_is_kept(keys bigint[]) RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (SELECT FROM roles_questionnaire WHERE id = ANY (keys) AND state <> 'brouillon')
        OR EXISTS (
            SELECT FROM roles_answercount JOIN roles_question ON roles_question.id = question_id
            WHERE questionnaire_id = ANY (keys)
        )
$$;

-- Of a version that was published or answered, only the state changes, never back to a draft; and the names of those who
-- made it are left when their account is deleted.
CREATE FUNCTION roles_keep_questionnaire() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['state', 'created_by_id', 'published_by_id'];
BEGIN
    IF NOT roles_questionnaire_is_kept(ARRAY[OLD.id]) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state <> 'brouillon' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    RAISE 'A version that was published or answered is copied, never changed.' USING ERRCODE = 'restrict_violation';
END $$;

-- The version is held while one of its parts is written: it is not published between the check and the writing.
CREATE FUNCTION roles_keep_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE keys bigint[];
BEGIN
    IF TG_TABLE_NAME = 'roles_question' THEN
        keys := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN OLD.questionnaire_id END,
                      CASE WHEN TG_OP <> 'DELETE' THEN NEW.questionnaire_id END];
    ELSE
        keys := ARRAY(SELECT questionnaire_id FROM roles_question WHERE id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.question_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.question_id END));
    END IF;
    PERFORM FROM roles_questionnaire WHERE id = ANY (keys) ORDER BY id FOR SHARE;
    IF roles_questionnaire_is_kept(keys) THEN
        RAISE 'A version that was published or answered is copied, never changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER roles_questionnaire_is_kept BEFORE UPDATE OR DELETE ON roles_questionnaire
    FOR EACH ROW EXECUTE FUNCTION roles_keep_questionnaire();
CREATE TRIGGER roles_question_is_kept BEFORE INSERT OR UPDATE OR DELETE ON roles_question
    FOR EACH ROW EXECUTE FUNCTION roles_keep_part();
CREATE TRIGGER roles_option_is_kept BEFORE INSERT OR UPDATE OR DELETE ON roles_option
    FOR EACH ROW EXECUTE FUNCTION roles_keep_part();
"""

BACKWARD = """
DROP TRIGGER roles_option_is_kept ON roles_option;
DROP TRIGGER roles_question_is_kept ON roles_question;
DROP TRIGGER roles_questionnaire_is_kept ON roles_questionnaire;
DROP FUNCTION roles_keep_part();
DROP FUNCTION roles_keep_questionnaire();
DROP FUNCTION roles_questionnaire_is_kept(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("roles", "0004_questionnaires")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

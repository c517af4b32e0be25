from django.db import migrations

# An account whose address has letters outside ASCII cannot be proved to be anybody's: it is closed.
SQL = r"""
UPDATE accounts_user
   SET email = 'compte-' || id || '@efface.invalid', is_active = false, is_staff = false, is_superuser = false,
       duties = '{}'
 WHERE email !~ '^[!-~]+$';
UPDATE accounts_user SET email = lower(email) WHERE email <> lower(email);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_membership_duties_events")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]

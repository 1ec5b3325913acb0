"""The timeline of a case is append-only: the database itself refuses to change or delete a line."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION care_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the timeline of a case is append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END $$;
CREATE TRIGGER care_case_event_append_only BEFORE UPDATE OR DELETE ON care_case_event
  FOR EACH ROW EXECUTE FUNCTION care_refuse_change();
"""
UNPROTECT = """
DROP TRIGGER care_case_event_append_only ON care_case_event;
DROP FUNCTION care_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]

"""What happened to a clock is never changed: the database itself refuses it."""

from django.db import migrations

PROTECT = """
CREATE TRIGGER care_clock_event_append_only BEFORE UPDATE OR DELETE ON care_clock_event
  FOR EACH ROW EXECUTE FUNCTION care_refuse_change();
"""
UNPROTECT = "DROP TRIGGER care_clock_event_append_only ON care_clock_event;"


class Migration(migrations.Migration):
    dependencies = [("care", "0006_clocks_and_promises")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]

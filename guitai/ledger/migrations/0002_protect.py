"""Transfers and entries are written once: the database itself refuses to change or delete them."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the books are written once: % on % is refused', TG_OP, TG_TABLE_NAME; END $$;
CREATE TRIGGER ledger_transfer_written_once BEFORE UPDATE OR DELETE ON ledger_transfer
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_entry_written_once BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE ledger_account SET (fillfactor = 70);
"""
UNPROTECT = """
DROP TRIGGER ledger_transfer_written_once ON ledger_transfer;
DROP TRIGGER ledger_entry_written_once ON ledger_entry;
DROP FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]

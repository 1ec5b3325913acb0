"""The invariants stand again in the database: what an account is, its limits, and that a fate is decided once."""

from django.db import migrations

GUARD = """
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_debits_within_credits
  CHECK (flags & 2 = 0 OR debits_posted::numeric + debits_pending <= credits_posted);
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_credits_within_debits
  CHECK (flags & 4 = 0 OR credits_posted::numeric + credits_pending <= debits_posted);
ALTER TABLE ledger_pending ADD CONSTRAINT ledger_pending_known_fate
  CHECK (state IN ('pending', 'posted', 'voided', 'expired') AND (state = 'pending') = (resolved_by IS NULL));

CREATE TRIGGER ledger_account_never_leaves BEFORE DELETE ON ledger_account
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_account_stays_what_it_is BEFORE UPDATE ON ledger_account FOR EACH ROW
  WHEN ((OLD.id, OLD.book, OLD.owner, OLD.code, OLD.currency)
        IS DISTINCT FROM (NEW.id, NEW.book, NEW.owner, NEW.code, NEW.currency) OR NEW.version < OLD.version)
  EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_pending_never_leaves BEFORE DELETE ON ledger_pending
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_pending_one_fate BEFORE UPDATE ON ledger_pending FOR EACH ROW
  WHEN (OLD.state <> 'pending' OR (OLD.transfer_id, OLD.amount, OLD.expires_at)
        IS DISTINCT FROM (NEW.transfer_id, NEW.amount, NEW.expires_at))
  EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_failed_written_once BEFORE UPDATE OR DELETE ON ledger_failed_transfer
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
"""
UNGUARD = """
DROP TRIGGER ledger_failed_written_once ON ledger_failed_transfer;
DROP TRIGGER ledger_pending_one_fate ON ledger_pending;
DROP TRIGGER ledger_pending_never_leaves ON ledger_pending;
DROP TRIGGER ledger_account_stays_what_it_is ON ledger_account;
DROP TRIGGER ledger_account_never_leaves ON ledger_account;
ALTER TABLE ledger_pending DROP CONSTRAINT ledger_pending_known_fate;
ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_credits_within_debits;
ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_debits_within_credits;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_protect")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]

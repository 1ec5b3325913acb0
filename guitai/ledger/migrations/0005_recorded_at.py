"""An account knows when it last recorded something, so that a batch's moment comes with its locks.

Closing reservations may be of nothing. Guards that only look at what a statement is are asked once a statement.
"""

from django.db import migrations, models

CHANGE = """
ALTER TABLE ledger_account ADD COLUMN recorded_at timestamptz;
UPDATE ledger_account a SET recorded_at = e.recorded_at FROM ledger_entry e
  WHERE e.account_id = a.id AND e.seq = a.version;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_user_data")]
    operations = [
        migrations.RunSQL(
            CHANGE,
            "ALTER TABLE ledger_account DROP COLUMN recorded_at",
            state_operations=[
                migrations.AddField("account", "recorded_at", models.DateTimeField(null=True))
            ],
        ),
        migrations.RemoveConstraint("transfer", "ledger_transfer_positive"),
        migrations.AddConstraint(
            "transfer",
            models.CheckConstraint(
                condition=models.Q(amount__gt=0)
                | (
                    models.Q(amount=0)
                    & models.Q(models.lookups.GreaterThan(models.F("flags").bitand(8 | 64 | 128), 0))
                ),
                name="ledger_transfer_positive"
            ),
        ),
    ]

"""A balance by effect needs the transfers that count at another time than they were written down, and only those."""

from django.db import migrations, models
from django.db.models.functions import Greatest

_DATED = ~models.Q(effective_at=models.F("recorded_at"))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_recorded_at")]
    operations = [
        migrations.AddIndex(
            "transfer",
            models.Index(
                "debit_account", Greatest("effective_at", "recorded_at"), name="ledger_transfer_dated_debit",
                condition=_DATED,
            ),
        ),
        migrations.AddIndex(
            "transfer",
            models.Index(
                "credit_account", Greatest("effective_at", "recorded_at"), name="ledger_transfer_dated_credit",
                condition=_DATED,
            ),
        ),
    ]

"""Withdrawals: to which account, what was promised, how far each has come; open operations of every kind are indexed."""

import guitai.base.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0004_reconciliation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("operation_id", models.UUIDField(primary_key=True, serialize=False)),
                ("rail", models.TextField()),
                ("account", models.UUIDField()),
                ("account_sealed", models.BinaryField(null=True)),
                ("fee_pending", models.UUIDField(null=True)),
                ("priority", models.SmallIntegerField(default=0)),
                ("stage", models.TextField()),
                ("started_at", models.DateTimeField(default=guitai.base.clock.now)),
                ("queued_at", models.DateTimeField(null=True)),
                ("earliest_at", models.DateTimeField(null=True)),
                ("promised_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wallet_withdrawal",
            },
        ),
        migrations.RemoveIndex(
            model_name="operation",
            name="wallet_operation_open",
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("state__in", ("held", "sent", "processing", "unknown"))),
                fields=["owner"],
                name="wallet_operation_open",
            ),
        ),
        migrations.AddIndex(
            model_name="withdrawal",
            index=models.Index(
                condition=models.Q(("stage", "queued")),
                fields=["-priority", "queued_at"],
                name="wallet_withdrawal_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="withdrawal",
            index=models.Index(fields=["account"], name="wallet_withdrawal_account"),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ("held", "queued", "sent", "accepted", "ended"))),
                name="wallet_withdrawal_stage_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stage__in", ("held", "ended")),
                    models.Q(("promised_at__isnull", False), ("queued_at__isnull", False)),
                    _connector="OR",
                ),
                name="wallet_withdrawal_promised",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("stage", "ended")),
                    models.Q(models.Q(("stage", "ended"), _negated=True), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="wallet_withdrawal_ended",
            ),
        ),
    ]

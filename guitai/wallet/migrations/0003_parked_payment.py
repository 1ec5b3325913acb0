"""Payments that came and did not fit their top-up."""

from django.db import migrations, models

import guitai.base.clock
import guitai.base.ids


class Migration(migrations.Migration):
    dependencies = [("wallet", "0002_one_event_an_intent")]

    operations = [
        migrations.CreateModel(
            name="ParkedPayment",
            fields=[
                ("id", models.UUIDField(default=guitai.base.ids.new_id, primary_key=True, serialize=False)),
                ("operation_id", models.UUIDField()),
                ("inbox_id", models.TextField(default="")),
                ("rail", models.TextField()),
                ("bank_reference", models.TextField(default="")),
                ("code", models.TextField()),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("currency", models.TextField(default="")),
                ("state", models.TextField(default="open")),
                ("came_at", models.DateTimeField(default=guitai.base.clock.now)),
                ("changed_at", models.DateTimeField(default=guitai.base.clock.now)),
                ("proposed_action", models.TextField(default="")),
                ("proposed_by", models.TextField(default="")),
                ("proposed_reason", models.TextField(default="")),
                ("proposed_at", models.DateTimeField(null=True)),
                ("decided_by", models.TextField(default="")),
                ("credited_as", models.UUIDField(null=True)),
                ("refund_reference", models.TextField(null=True, unique=True)),
                ("refused_code", models.TextField(default="")),
            ],
            options={"db_table": "wallet_parked_payment"},
        ),
        migrations.AddIndex(
            model_name="parkedpayment",
            index=models.Index(fields=["operation_id"], name="wallet_parked_operation"),
        ),
        migrations.AddIndex(
            model_name="parkedpayment",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["came_at", "id"], name="wallet_parked_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="parkedpayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "returning", "credited", "returned"))),
                name="wallet_parked_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="parkedpayment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "credited"), _negated=True),
                    ("credited_as__isnull", False),
                    _connector="OR",
                ),
                name="wallet_parked_credited_as_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="parkedpayment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("open", "credited")), ("amount_minor__isnull", False), _connector="OR"
                ),
                name="wallet_parked_returned_amount_known",
            ),
        ),
    ]

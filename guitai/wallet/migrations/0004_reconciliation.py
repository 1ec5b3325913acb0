"""What bank statements were matched to, what of them is open, and the daily close."""

import django.db.models.expressions
from django.db import migrations, models

import guitai.base.clock
import guitai.base.ids


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0003_parked_payment"),
    ]

    operations = [
        migrations.CreateModel(
            name="CloseItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("close_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("amount_minor", models.BigIntegerField()),
                ("transfer_id", models.UUIDField(null=True)),
                ("line_id", models.BigIntegerField(null=True)),
                ("reference", models.TextField(default="")),
                ("since", models.DateField(null=True)),
            ],
            options={
                "db_table": "wallet_close_item",
            },
        ),
        migrations.CreateModel(
            name="DailyClose",
            fields=[
                ("id", models.UUIDField(default=guitai.base.ids.new_id, primary_key=True, serialize=False)),
                ("rail", models.TextField()),
                ("currency", models.TextField()),
                ("day", models.DateField()),
                ("state", models.TextField(default="draft")),
                ("books_opening", models.BigIntegerField()),
                ("books_in", models.BigIntegerField()),
                ("books_out", models.BigIntegerField()),
                ("books_closing", models.BigIntegerField()),
                ("bank_opening", models.BigIntegerField()),
                ("bank_in", models.BigIntegerField()),
                ("bank_out", models.BigIntegerField()),
                ("bank_closing", models.BigIntegerField()),
                ("has_statement", models.BooleanField()),
                ("unexplained", models.BigIntegerField()),
                ("last_seq", models.BigIntegerField()),
                ("last_line", models.BigIntegerField()),
                ("computed_at", models.DateTimeField(default=guitai.base.clock.now)),
                ("prepared_by", models.TextField(default="")),
                ("prepared_at", models.DateTimeField(null=True)),
                ("signed_by", models.TextField(default="")),
                ("signed_at", models.DateTimeField(null=True)),
                ("note", models.TextField(default="")),
            ],
            options={
                "db_table": "wallet_daily_close",
            },
        ),
        migrations.CreateModel(
            name="LineMatch",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "line_id",
                        "transfer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("line_id", models.BigIntegerField()),
                ("transfer_id", models.UUIDField(unique=True)),
                ("operation_id", models.UUIDField()),
                ("rule", models.TextField()),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=guitai.base.clock.now)),
                ("by", models.TextField()),
            ],
            options={
                "db_table": "wallet_match",
            },
        ),
        migrations.CreateModel(
            name="Matching",
            fields=[
                ("file_id", models.UUIDField(primary_key=True, serialize=False)),
                ("after_id", models.BigIntegerField(null=True)),
                ("lines_total", models.BigIntegerField()),
                ("lines_seen", models.BigIntegerField(default=0)),
                ("matched", models.BigIntegerField(default=0)),
                ("credited", models.BigIntegerField(default=0)),
                ("written", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("open", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField(default=guitai.base.clock.now)),
                ("moved_at", models.DateTimeField(default=guitai.base.clock.now)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wallet_matching",
            },
        ),
        migrations.CreateModel(
            name="OpenItem",
            fields=[
                ("id", models.UUIDField(default=guitai.base.ids.new_id, primary_key=True, serialize=False)),
                ("line_id", models.BigIntegerField(unique=True)),
                ("rail", models.TextField()),
                ("account", models.TextField()),
                ("credit", models.BooleanField()),
                ("reversal", models.BooleanField(default=False)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.TextField()),
                ("booked_on", models.DateField(null=True)),
                ("bank_reference", models.TextField(default="")),
                ("code", models.TextField()),
                ("names", models.TextField(default="")),
                ("held_by", models.UUIDField(null=True)),
                ("state", models.TextField(default="open")),
                ("proposed_action", models.TextField(default="")),
                ("proposed_target", models.TextField(default="")),
                ("proposed_reason", models.TextField(default="")),
                ("proposed_by", models.TextField(default="")),
                ("proposed_at", models.DateTimeField(null=True)),
                ("decided_by", models.TextField(default="")),
                ("settled_by", models.UUIDField(null=True)),
                ("return_reference", models.TextField(null=True, unique=True)),
                ("problem", models.TextField(default="")),
                ("came_at", models.DateTimeField(default=guitai.base.clock.now)),
                ("changed_at", models.DateTimeField(default=guitai.base.clock.now)),
            ],
            options={
                "db_table": "wallet_open_item",
            },
        ),
        migrations.AddIndex(
            model_name="closeitem",
            index=models.Index(fields=["close_id"], name="wallet_close_item_close"),
        ),
        migrations.AddConstraint(
            model_name="dailyclose",
            constraint=models.UniqueConstraint(
                fields=("rail", "currency", "day"), name="wallet_daily_close_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dailyclose",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("draft", "prepared", "signed"))),
                name="wallet_daily_close_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dailyclose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "books_closing",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("books_opening"), "+", models.F("books_in")
                            ),
                            "-",
                            models.F("books_out"),
                        ),
                    )
                ),
                name="wallet_daily_close_books",
            ),
        ),
        migrations.AddConstraint(
            model_name="dailyclose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "signed"), _negated=True),
                    models.Q(
                        models.Q(("signed_by", ""), _negated=True),
                        models.Q(("signed_by", models.F("prepared_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="wallet_daily_close_two_persons",
            ),
        ),
        migrations.AddIndex(
            model_name="matching",
            index=models.Index(
                condition=models.Q(("finished_at", None)), fields=["moved_at"], name="wallet_matching_open"
            ),
        ),
        migrations.AddIndex(
            model_name="matching",
            index=models.Index(fields=["-started_at"], name="wallet_matching_newest"),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "proposed", "returning"))),
                fields=["came_at", "id"],
                name="wallet_open_item_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "proposed", "returning"))),
                fields=["currency", "amount_minor", "booked_on"],
                name="wallet_open_item_like",
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(fields=["bank_reference"], name="wallet_open_item_bank_ref"),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "open",
                            "proposed",
                            "returning",
                            "matched",
                            "assigned",
                            "returned",
                            "written",
                            "reversed",
                        ),
                    )
                ),
                name="wallet_open_item_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="wallet_open_item_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposed_by", models.F("decided_by")), _negated=True),
                    ("decided_by", ""),
                    _connector="OR",
                ),
                name="wallet_open_item_two_persons",
            ),
        ),
    ]

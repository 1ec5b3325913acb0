import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guitai.base.ids

_COPY_TIERS = """
UPDATE people_standing s SET tier = u.tier FROM people_user u WHERE u.id = s.person_id AND u.tier <> 0
"""
_COPY_BACK = """
UPDATE people_user u SET tier = s.tier FROM people_standing s WHERE u.id = s.person_id AND s.tier <> 0
"""
# Whoever is frozen today is so for one cause, and it can be lifted like any other.
_CAUSES = """
INSERT INTO people_standing_cause
    (id, person_id, state, reason, basis, scope, disclosure, actor, since, evidence, ended_by, ended_how)
SELECT gen_random_uuid(), person_id, state, reason, '', scope, disclosure, 'system:guitai', since, '{}', '', ''
FROM people_standing WHERE state <> 'active'
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="standingrow", name="tier", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.RunSQL(_COPY_TIERS, _COPY_BACK),
        migrations.RemoveField(model_name="user", name="tier"),
        migrations.CreateModel(
            name="FreezeWord",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("code", models.BinaryField(max_length=32)),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_freeze_word",
            },
        ),
        migrations.AddField(
            model_name="standingevent",
            name="cause",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="standingevent",
            name="disclosure",
            field=models.CharField(default="open", max_length=8),
        ),
        migrations.CreateModel(
            name="DormancyNotice",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("warned_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_dormancy_notice",
                "indexes": [models.Index(fields=["due_at"], name="people_dormancy_notice_due")],
            },
        ),
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                ("phone_index", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("locks", models.PositiveSmallIntegerField(default=0)),
                ("window_start", models.DateTimeField()),
                ("locked_at", models.DateTimeField(null=True)),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "people_sign_in_failure",
                "indexes": [models.Index(fields=["window_start"], name="people_sign_in_failure_old")],
            },
        ),
        migrations.CreateModel(
            name="StandingCause",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guitai.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(max_length=8)),
                ("reason", models.CharField(max_length=32)),
                ("basis", models.CharField(blank=True, default="", max_length=64)),
                (
                    "scope",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                ("disclosure", models.CharField(default="open", max_length=8)),
                ("actor", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("review_by", models.DateTimeField(null=True)),
                ("evidence", models.JSONField(default=dict)),
                ("document_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=64)),
                ("ended_how", models.CharField(blank=True, default="", max_length=16)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "people_standing_cause",
            },
        ),
        migrations.CreateModel(
            name="ReleaseDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guitai.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "files",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("submitted_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, default="", max_length=64)),
                ("why", models.CharField(blank=True, default="", max_length=24)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.standingcause",
                    ),
                ),
            ],
            options={
                "db_table": "people_release_document",
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guitai.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="cooling", max_length=16)),
                ("agreement_version", models.CharField(max_length=32)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, default="", max_length=32)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "people_closing",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "cooling")), fields=["due_at"], name="people_closing_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cooling")),
                        fields=("person",),
                        name="people_closing_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["cooling", "closed", "cancelled", "blocked"])),
                        name="people_closing_state_known",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="standingcause",
            index=models.Index(fields=["person", "-since"], name="people_standing_cause_person"),
        ),
        migrations.AddIndex(
            model_name="standingcause",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("until__isnull", False)),
                fields=["until"],
                name="people_standing_cause_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingcause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("person", "reason", "basis"),
                name="people_standing_cause_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingcause",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["locked", "frozen", "dormant", "closed"])),
                name="people_standing_cause_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingcause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scope__contained_by", ["sign_in", "spending", "receiving", "withdrawal"])
                ),
                name="people_standing_cause_scope_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingcause",
            constraint=models.CheckConstraint(
                condition=models.Q(("disclosure__in", ["open", "limited", "silent"])),
                name="people_standing_cause_class_known",
            ),
        ),
        migrations.AddIndex(
            model_name="releasedocument",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["due_at"],
                name="people_release_document_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="releasedocument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("cause",),
                name="people_release_document_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="releasedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "accepted", "declined"])),
                name="people_release_document_state_known",
            ),
        ),
        migrations.RunSQL(_CAUSES, migrations.RunSQL.noop),
    ]

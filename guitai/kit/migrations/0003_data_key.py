from typing import ClassVar

from django.db import migrations, models

import guitai.base.clock


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kit", "0002_cache")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=8)),
                ("master", models.CharField(max_length=16)),
                ("wrapped", models.BinaryField(null=True)),
                ("made_at", models.DateTimeField(default=guitai.base.clock.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "kit_data_key",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("role",),
                        name="kit_data_key_one_a_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["seal", "index", "code"])),
                        name="kit_data_key_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("wrapped__isnull", False), ("retired_at__isnull", False), _connector="OR"
                        ),
                        name="kit_data_key_destroyed_is_retired",
                    ),
                ],
            },
        ),
    ]

"""A withdrawal is a category of cases of its own."""

from django.db import migrations, models

_NAME = "care_case_category_known"
_KNOWN = (
    "top_up", "withdrawal", "transfer", "refused", "held", "not_me", "stolen_account", "sign_in", "fees", "complaint",
    "other",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("care", "0010_proofs")]

    operations = [
        migrations.RemoveConstraint(model_name="case", name=_NAME),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(condition=models.Q(category__in=_KNOWN), name=_NAME),
        ),
    ]

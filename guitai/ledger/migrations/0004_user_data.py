"""A transfer carries a reference of its caller, written once with it and not indexed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_guard")]
    operations = [
        migrations.AddField(
            model_name="transfer", name="user_data", field=models.UUIDField(null=True)
        )
    ]

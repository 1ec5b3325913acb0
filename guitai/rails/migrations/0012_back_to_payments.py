from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rails", "0011_payee_confirmation")]

    operations = [
        migrations.AddField("order", "paid_with_sealed", models.BinaryField(null=True)),
        migrations.AddField("payoutrow", "back_to", models.TextField(null=True)),
        migrations.AddIndex(
            "payoutrow",
            models.Index(
                fields=["rail", "back_to"],
                name="rails_payout_back_to",
                condition=models.Q(("back_to__isnull", False)),
            ),
        ),
    ]

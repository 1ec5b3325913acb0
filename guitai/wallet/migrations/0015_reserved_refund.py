from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wallet', '0014_recalls'),
    ]

    operations = [
        migrations.AddField(
            model_name='parkedpayment',
            name='reserved',
            field=models.UUIDField(null=True),
        ),
    ]

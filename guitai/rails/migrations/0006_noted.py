"""Notices that tell of no payment are kept under a state of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rails', '0005_statement_drafts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='inboxmessage',
            name='rails_inbox_state_known',
        ),
        migrations.AddConstraint(
            model_name='inboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('received', 'waiting', 'settled', 'duplicate', 'noted', 'exception', 'refused'))), name='rails_inbox_state_known'),
        ),
    ]

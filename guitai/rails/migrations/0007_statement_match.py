"""What a line was matched to moves from the line into a row of its own."""

from django.db import migrations, models

import guitai.base.clock

_MOVE = """
INSERT INTO rails_statement_match (entry_id, matched_to, at)
SELECT id, matched_to, coalesce(matched_at, now()) FROM rails_statement_entry WHERE matched_to IS NOT NULL ORDER BY id
"""
_BACK = """
UPDATE rails_statement_entry e SET matched_to = m.matched_to, matched_at = m.at
FROM rails_statement_match m WHERE m.entry_id = e.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rails', '0006_noted'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatementMatch',
            fields=[
                ('entry_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('matched_to', models.TextField()),
                ('at', models.DateTimeField(default=guitai.base.clock.now)),
            ],
            options={
                'db_table': 'rails_statement_match',
            },
        ),
        migrations.RunSQL(_MOVE, _BACK),
        migrations.RemoveConstraint(
            model_name='statemententry',
            name='rails_statement_entry_repeat_unmatched',
        ),
        migrations.RemoveIndex(
            model_name='statemententry',
            name='rails_entry_open',
        ),
        migrations.RemoveIndex(
            model_name='statemententry',
            name='rails_entry_like',
        ),
        migrations.RemoveField(
            model_name='statemententry',
            name='matched_at',
        ),
        migrations.RemoveField(
            model_name='statemententry',
            name='matched_to',
        ),
        migrations.AddIndex(
            model_name='statemententry',
            index=models.Index(condition=models.Q(('repeat_of__isnull', True)), fields=['currency', 'amount_minor', 'booked_on'], name='rails_entry_like'),
        ),
    ]

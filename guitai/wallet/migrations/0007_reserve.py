"""The cold reserve: requests with their exact text, signatures, and the sets of keys that were agreed."""

import django.db.models.deletion
import guitai.base.clock
import guitai.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wallet', '0006_small_amounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReserveSignature',
            fields=[
                ('pk', models.CompositePrimaryKey('request_id', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('request_id', models.UUIDField()),
                ('key', models.TextField()),
                ('signature', models.TextField()),
                ('submitted_by', models.TextField()),
                ('at', models.DateTimeField(default=guitai.base.clock.now)),
            ],
            options={
                'db_table': 'wallet_reserve_signature',
            },
        ),
        migrations.CreateModel(
            name='ReserveSigners',
            fields=[
                ('id', models.UUIDField(default=guitai.base.ids.new_id, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('digest', models.TextField()),
                ('needed', models.PositiveIntegerField()),
                ('keys', models.JSONField()),
                ('request_id', models.UUIDField(null=True, unique=True)),
                ('since', models.DateTimeField(default=guitai.base.clock.now)),
            ],
            options={
                'db_table': 'wallet_reserve_signers',
            },
        ),
        migrations.CreateModel(
            name='ReserveRequest',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('state', models.TextField(default='open')),
                ('document', models.BinaryField()),
                ('digest', models.TextField(unique=True)),
                ('policy_version', models.PositiveIntegerField()),
                ('amount_minor', models.BigIntegerField(default=0)),
                ('currency', models.TextField(default='')),
                ('asked_by', models.TextField()),
                ('created_at', models.DateTimeField(default=guitai.base.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('operation_id', models.UUIDField(null=True, unique=True)),
                ('signers', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wallet.reservesigners')),
            ],
            options={
                'db_table': 'wallet_reserve_request',
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['created_at'], name='wallet_reserve_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('release', 'rotation', 'rehearsal'))), name='wallet_reserve_request_kind'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'done', 'expired', 'withdrawn'))), name='wallet_reserve_request_state'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'release'), ('state', 'done'), _negated=True), ('operation_id__isnull', False), _connector='OR'), name='wallet_reserve_request_moved')],
            },
        ),
    ]

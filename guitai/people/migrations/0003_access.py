import django.db.models.deletion
import guitai.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_standing'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmailContact',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('address_sealed', models.BinaryField(null=True)),
                ('verified_at', models.DateTimeField(null=True)),
                ('next_sealed', models.BinaryField(null=True)),
                ('code', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'people_email',
            },
        ),
        migrations.AddField(
            model_name='user',
            name='always_second_step',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='user',
            name='password_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='renewal_told_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='review_told_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.UUIDField(default=guitai.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('token', models.BinaryField(max_length=32)),
                ('kind', models.CharField(max_length=8)),
                ('label', models.CharField(max_length=80)),
                ('name', models.CharField(blank=True, default='', max_length=40)),
                ('first_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'people_device',
            },
        ),
        migrations.CreateModel(
            name='PasskeyChallenge',
            fields=[
                ('id', models.UUIDField(default=guitai.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('nonce', models.BinaryField(max_length=32)),
                ('challenge', models.BinaryField(max_length=32)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'people_passkey_challenge',
            },
        ),
        migrations.CreateModel(
            name='PhoneChange',
            fields=[
                ('id', models.UUIDField(default=guitai.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('waiting', 'Waiting'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='asked', max_length=9)),
                ('phone_sealed', models.BinaryField()),
                ('code', models.UUIDField(null=True)),
                ('with_old', models.BooleanField()),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, default='', max_length=16)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'people_phone_change',
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.UUIDField(default=guitai.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('session_key', models.CharField(max_length=40)),
                ('generation', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('methods', models.CharField(max_length=60)),
                ('network', models.CharField(blank=True, default='', max_length=48)),
                ('place', models.CharField(blank=True, default='', max_length=80)),
                ('unusual', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('denied_at', models.DateTimeField(null=True)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.device')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'people_sign_in',
            },
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.UniqueConstraint(fields=('person', 'token'), name='people_device_once'),
        ),
        migrations.AddIndex(
            model_name='passkeychallenge',
            index=models.Index(fields=['expires_at'], name='people_passkey_expiry'),
        ),
        migrations.AddConstraint(
            model_name='passkeychallenge',
            constraint=models.UniqueConstraint(fields=('challenge',), name='people_passkey_challenge_once'),
        ),
        migrations.AddIndex(
            model_name='phonechange',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='people_phone_change_due'),
        ),
        migrations.AddConstraint(
            model_name='phonechange',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'waiting'])), fields=('person',), name='people_phone_change_one_open'),
        ),
        migrations.AddIndex(
            model_name='signin',
            index=models.Index(fields=['person', '-at'], name='people_sign_in_person'),
        ),
        migrations.AddIndex(
            model_name='signin',
            index=models.Index(fields=['session_key'], name='people_sign_in_session'),
        ),
        migrations.AddIndex(
            model_name='signin',
            index=models.Index(fields=['at'], name='people_sign_in_at'),
        ),
    ]

"""One event an intent, with the transfers it made; claims point at it; limits are counted a month a row; bills are found
by moment. Nothing is lost: what stood in the old shape is carried over."""

import django.contrib.postgres.fields
from django.db import migrations, models

import guitai.base.clock
import guitai.base.ids

ASIDE = """
ALTER TABLE wallet_claim RENAME TO wallet_old_claim;
ALTER TABLE wallet_party RENAME TO wallet_old_party;
ALTER TABLE wallet_operation_event RENAME TO wallet_old_event;
ALTER TABLE wallet_limit_used RENAME TO wallet_old_limit;
DROP INDEX wallet_party_bills;
"""
CARRY = """
INSERT INTO wallet_party (operation_id, owner, direction, state, code, counterparty, counterparty_phone, label, since)
SELECT operation_id, owner, direction, state, code, counterparty, counterparty_phone, label, since
FROM wallet_old_party;

-- An operation's transfers stand with its first event: which of several made each was not written down.
INSERT INTO wallet_operation_event
  (operation_id, id, at, intent, outcome, event, state, code, facts, actor, transfers)
SELECT e.operation_id, uuidv7(e.at - clock_timestamp()), e.at, '',
  CASE e.event WHEN 'refused' THEN 'refused' WHEN 'held' THEN 'held' ELSE 'approved' END,
  e.event, e.state, e.code, e.facts, e.actor,
  CASE WHEN row_number() OVER (PARTITION BY e.operation_id ORDER BY e.id) = 1
    THEN coalesce((SELECT array_agg(l.transfer_id ORDER BY l.transfer_id) FROM wallet_leg l
                   WHERE l.operation_id = e.operation_id), '{}') ELSE '{}' END
FROM wallet_old_event e ORDER BY e.id;

INSERT INTO wallet_claim (actor, key, body_hash, operation_id, event_id, claimed_at)
SELECT actor, key, body_hash, (outcome->>'operation_id')::uuid, uuidv7(), claimed_at FROM wallet_old_claim
WHERE outcome IS NOT NULL;
INSERT INTO wallet_operation_event
  (operation_id, id, at, intent, outcome, event, state, code, facts, actor, transfers)
SELECT c.operation_id, c.event_id, c.claimed_at, '', o.outcome->>'outcome', '', o.outcome->>'state',
  o.outcome->>'code', o.outcome->'facts', c.actor, '{}'
FROM wallet_claim c JOIN wallet_old_claim o USING (actor, key);

WITH zone AS (SELECT coalesce((SELECT value->'regions'->0->>'time_zone' FROM kit_policy_version
                               WHERE name = 'operator' ORDER BY version DESC LIMIT 1), 'UTC') AS name),
days AS (SELECT owner, split_part(l.name, '.', 1) AS name, currency, used_minor,
                (window_start AT TIME ZONE zone.name)::date AS day FROM wallet_old_limit l, zone)
INSERT INTO wallet_limit_used (owner, name, currency, month, month_minor, day, day_minor)
SELECT owner, name, currency, date_trunc('month', day)::date, sum(used_minor), max(day),
  (array_agg(used_minor ORDER BY day DESC))[1]
FROM days GROUP BY owner, name, currency, date_trunc('month', day);

ALTER TABLE wallet_operation ADD COLUMN taken text[] NOT NULL DEFAULT '{}';
WITH zone AS (SELECT coalesce((SELECT value->'regions'->0->>'time_zone' FROM kit_policy_version
                               WHERE name = 'operator' ORDER BY version DESC LIMIT 1), 'UTC') AS name)
UPDATE wallet_operation o SET taken = ARRAY(
  SELECT split_part(t->>'name', '.', 1) || '@' || ((t->>'window_start')::timestamptz AT TIME ZONE zone.name)::date
         || '/' || (t->>'minor') FROM jsonb_array_elements(o.limits_taken) t)
FROM zone WHERE jsonb_array_length(o.limits_taken) > 0;
ALTER TABLE wallet_operation DROP COLUMN limits_taken;
ALTER TABLE wallet_operation RENAME COLUMN taken TO limits_taken;
ALTER TABLE wallet_operation ALTER COLUMN limits_taken DROP DEFAULT;

-- A transfer says itself which operation it belongs to.
ALTER TABLE ledger_transfer DISABLE TRIGGER USER;
UPDATE ledger_transfer t SET user_data = l.operation_id FROM wallet_leg l WHERE l.transfer_id = t.id;
ALTER TABLE ledger_transfer ENABLE TRIGGER USER;

-- Limits published by kind and window are now those of the one tier there was.
INSERT INTO kit_policy_version (id, name, version, value, published_at, published_by)
SELECT uuidv7(), 'limits', p.version + 1, jsonb_build_object('tiers', jsonb_build_array((
    SELECT jsonb_object_agg(kind, (
      SELECT coalesce(jsonb_object_agg(currency, jsonb_build_object(
          'once', p.value->(kind || '_once')->currency, 'day', p.value->(kind || '_day')->currency)), '{}')
      FROM (SELECT jsonb_object_keys(p.value->(kind || '_once') || (p.value->(kind || '_day'))) AS currency) c))
    FROM unnest(ARRAY['transfer', 'top_up']) AS kind))), now(), 'system:guitai'
FROM kit_policy_version p WHERE name = 'limits' AND p.value ? 'transfer_once'
ORDER BY version DESC LIMIT 1;

DROP TABLE wallet_old_claim, wallet_old_party, wallet_old_event, wallet_old_limit;
"""


class Migration(migrations.Migration):
    dependencies = [("wallet", "0001_initial"), ("ledger", "0004_user_data"), ("kit", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ASIDE)],
            state_operations=[
                migrations.DeleteModel("Claim"),
                migrations.DeleteModel("Party"),
                migrations.DeleteModel("OperationEvent"),
                migrations.DeleteModel("LimitUsed"),
            ],
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('pk', models.CompositePrimaryKey('actor', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('actor', models.TextField()),
                ('key', models.TextField()),
                ('body_hash', models.BinaryField()),
                ('operation_id', models.UUIDField()),
                ('event_id', models.UUIDField()),
                ('claimed_at', models.DateTimeField(default=guitai.base.clock.now)),
            ],
            options={
                'db_table': 'wallet_claim',
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('pk', models.CompositePrimaryKey('operation_id', 'owner', blank=True, editable=False, primary_key=True, serialize=False)),
                ('operation_id', models.UUIDField()),
                ('owner', models.UUIDField()),
                ('direction', models.TextField()),
                ('state', models.TextField()),
                ('code', models.TextField(null=True)),
                ('counterparty', models.UUIDField(null=True)),
                ('counterparty_phone', models.BinaryField(null=True)),
                ('label', models.TextField(default='')),
                ('since', models.DateTimeField(default=guitai.base.clock.now)),
            ],
            options={
                'db_table': 'wallet_party',
                'indexes': [models.Index(fields=['owner', 'since', 'operation_id'], name='wallet_party_bills'), models.Index(condition=models.Q(('state__in', ('awaiting_payment', 'held', 'unknown', 'processing'))), fields=['owner', 'since'], name='wallet_party_attention')],
            },
        ),
        migrations.CreateModel(
            name='OperationEvent',
            fields=[
                ('pk', models.CompositePrimaryKey('operation_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('operation_id', models.UUIDField()),
                ('id', models.UUIDField(default=guitai.base.ids.new_id)),
                ('at', models.DateTimeField(default=guitai.base.clock.now)),
                ('intent', models.TextField()),
                ('outcome', models.TextField()),
                ('event', models.TextField()),
                ('state', models.TextField()),
                ('code', models.TextField(null=True)),
                ('facts', models.JSONField(default=dict)),
                ('actor', models.TextField()),
                ('transfers', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
            ],
            options={
                'db_table': 'wallet_operation_event',
            },
        ),
        migrations.CreateModel(
            name='LimitUsed',
            fields=[
                ('pk', models.CompositePrimaryKey('owner', 'name', 'currency', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('owner', models.UUIDField()),
                ('name', models.TextField()),
                ('currency', models.CharField(max_length=3)),
                ('month', models.DateField()),
                ('month_minor', models.BigIntegerField(default=0)),
                ('day', models.DateField()),
                ('day_minor', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'wallet_limit_used',
                'constraints': [models.CheckConstraint(condition=models.Q(('day_minor__gte', 0), ('month_minor__gte', models.F('day_minor'))), name='wallet_limit_used_not_negative')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CARRY)],
            state_operations=[
                migrations.AlterField(
                    "operation",
                    "limits_taken",
                    django.contrib.postgres.fields.ArrayField(models.TextField(), default=list),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaceRow",
            fields=[
                ("person", models.UUIDField(primary_key=True, serialize=False)),
                ("slot", models.BigIntegerField()),
                ("counts", models.BinaryField()),
            ],
            options={"db_table": "wallet_pace"},
        ),
        migrations.DeleteModel("Leg"),
        migrations.RemoveIndex("operation", "wallet_operation_owner"),
        migrations.AddIndex(
            "operation",
            models.Index(
                fields=["owner"], name="wallet_operation_open", condition=models.Q(state__in=("held", "sent"))
            ),
        ),
    ]

"""Articles with versions, feedback and counts. Published articles are loaded anew from their files at the next start."""

import django.contrib.postgres.fields
from django.db import migrations, models

import guitai.base.clock
import guitai.base.ids

PROTECT = """
CREATE FUNCTION care_refuse_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.slug, OLD.language, OLD.number, OLD.title, OLD.summary, OLD.topics, OLD.keywords,
      OLD.related, OLD.audience, OLD.markdown, OLD.author, OLD.created_at) IS DISTINCT FROM
     (NEW.slug, NEW.language, NEW.number, NEW.title, NEW.summary, NEW.topics, NEW.keywords,
      NEW.related, NEW.audience, NEW.markdown, NEW.author, NEW.created_at) THEN
    RAISE EXCEPTION 'the words of a version never change: % on % is refused', TG_OP, TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER care_article_version_words BEFORE UPDATE OR DELETE ON care_article_version
  FOR EACH ROW EXECUTE FUNCTION care_refuse_new_words();
"""
UNPROTECT = """
DROP TRIGGER care_article_version_words ON care_article_version;
DROP FUNCTION care_refuse_new_words();
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0002_protect")]

    operations = [
        migrations.DeleteModel("Article"),
        migrations.CreateModel(
            name='ArticleReadings',
            fields=[
                ('pk', models.CompositePrimaryKey('slug', 'hour', blank=True, editable=False, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=80)),
                ('hour', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'db_table': 'care_article_readings',
            },
        ),
        migrations.CreateModel(
            name='UnansweredQuestion',
            fields=[
                ('pk', models.CompositePrimaryKey('code', 'language', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('code', models.BinaryField()),
                ('language', models.CharField(max_length=10)),
                ('day', models.DateField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('words', models.TextField(default='')),
            ],
            options={
                'db_table': 'care_unanswered_question',
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('title', models.TextField()),
                ('summary', models.TextField()),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('related', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('audience', models.CharField(default='everyone', max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('updated', models.DateField()),
                ('markdown', models.TextField()),
                ('id', models.UUIDField(default=guitai.base.ids.new_id, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=10)),
                ('version', models.PositiveIntegerField()),
                ('origin', models.CharField(max_length=10)),
                ('withdrawn', models.BooleanField(default=False)),
                ('html', models.TextField()),
                ('outline', models.JSONField(default=list)),
                ('text', models.TextField()),
                ('source_hash', models.CharField(max_length=64)),
                ('meaning', models.BinaryField(null=True)),
                ('meaning_of', models.CharField(default='', max_length=64)),
                ('loaded_at', models.DateTimeField(default=guitai.base.clock.now)),
            ],
            options={
                'db_table': 'care_article',
                'constraints': [models.UniqueConstraint(fields=('slug', 'language'), name='care_article_once_a_language')],
            },
        ),
        migrations.CreateModel(
            name='ArticleFeedback',
            fields=[
                ('id', models.UUIDField(default=guitai.base.ids.new_id, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=10)),
                ('version', models.PositiveIntegerField()),
                ('reader', models.BinaryField()),
                ('helped', models.BooleanField()),
                ('reason', models.CharField(default='', max_length=20)),
                ('at', models.DateTimeField(default=guitai.base.clock.now)),
            ],
            options={
                'db_table': 'care_article_feedback',
                'constraints': [models.UniqueConstraint(fields=('slug', 'reader'), name='care_article_feedback_once_a_reader')],
            },
        ),
        migrations.CreateModel(
            name='ArticleVersion',
            fields=[
                ('title', models.TextField()),
                ('summary', models.TextField()),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('related', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('audience', models.CharField(default='everyone', max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('updated', models.DateField()),
                ('markdown', models.TextField()),
                ('id', models.UUIDField(default=guitai.base.ids.new_id, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=10)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(max_length=12)),
                ('origin', models.CharField(max_length=10)),
                ('source_hash', models.CharField(default='', max_length=64)),
                ('author', models.TextField()),
                ('note', models.TextField(default='')),
                ('created_at', models.DateTimeField(default=guitai.base.clock.now)),
                ('publish_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'care_article_version',
                'indexes': [models.Index(condition=models.Q(('state', 'scheduled')), fields=['publish_at'], name='care_article_version_due')],
                'constraints': [models.UniqueConstraint(fields=('slug', 'language', 'number'), name='care_article_version_once'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'scheduled', 'published', 'withdrawn'])), name='care_article_version_state')],
            },
        ),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]

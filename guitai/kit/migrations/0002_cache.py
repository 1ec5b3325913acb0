"""The cache that all processes share: rate limits must not be counted per worker."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE kit_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX kit_cache_expires ON kit_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE kit_cache")]

"""Bring everything that is derived up to date: catalogues, tables, help articles, static files. Cheap when nothing
changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guitai.care.api import load_articles
from guitai.site import catalogues

# Any number, the same in every process: several machines may start at once, one migrates.
_MIGRATION_LOCK = 7_203_118_001
# Extensions that come with htmx, are not used here, and name modules by addresses that do not exist.
_UNUSED = ["django_htmx/ext/*"]


def prepare() -> None:
    """Catalogues first: migrations and templates may speak."""
    catalogues.compile_catalogues()
    _migrate()
    load_articles()
    _collect_static()


def _migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


def _collect_static() -> None:
    """Static files with hashed names, when this mode serves such; again only after one of them changed."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return
    stamp, digest = Path(settings.STATIC_ROOT) / ".collected", _static_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=_UNUSED)
    stamp.write_text(digest)


def _static_digest() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in finders.get_finders():
        for path, storage in finder.list(_UNUSED):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()

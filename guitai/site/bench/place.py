"""Where a measurement happens: scratch databases beside the operator's own, made, measured in and dropped."""

import base64
import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from guitai.site import surroundings
from guitai.site.bench.telling import say
from guitai.site.postgres import settings as embedded
from guitai.site.refusals import StartRefused

_PREFIX = "guitai_bench_"
_SHOWN = (
    "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "checkpoint_timeout",
    "wal_level", "data_checksums", "max_connections",
)  # fmt: skip
# What the operator may have set about how our own processes work is measured too; nothing else of theirs is.
_KEPT = ("GUITAI_WEB_THREADS", "GUITAI_TILL_", "GUITAI_BENCH_")


@dataclass
class Place:
    """One run's databases and folder. Everything in it is gone when `opened` ends, however it ends."""

    url: str
    superuser_url: str
    token: str
    home: Path
    admin: psycopg.Connection
    _may_checkpoint: bool = True
    _secrets: dict[str, str] = field(default_factory=dict)

    def make(self, name: str, *, template: str = "") -> str:
        """A scratch database, empty or as another of this run is now; gives its address."""
        source = sql.Identifier(self._name(template)) if template else sql.SQL("DEFAULT")
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(self._name(name)), source)
        self.admin.execute(query)
        return self.address(name)

    def has(self, name: str) -> bool:
        """Whether this run has made that one."""
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return self.admin.execute(query, [self._name(name)]).fetchone() is not None

    def drop(self, name: str) -> None:
        """Give back the room of one that is no longer needed."""
        _drop(self.admin, self._name(name))

    def address(self, name: str) -> str:
        """The address of a scratch database of this run."""
        return in_database(self.url, self._name(name))

    def checkpoint(self) -> None:
        """Begin the next measurement with nothing left to be written, if we may."""
        if not self._may_checkpoint:
            return
        try:
            with psycopg.connect(in_database(self.superuser_url, "postgres"), autocommit=True) as connection:
                connection.execute("CHECKPOINT")
        except (psycopg.errors.InsufficientPrivilege, psycopg.OperationalError):
            self._may_checkpoint = False
            say("CHECKPOINT is refused to this role: measurements begin wherever the server happens to be")

    def variables(self, name: str, **more: str) -> dict[str, str]:
        """The environment of a process that works in a scratch database, as in production."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("GUITAI_") or key.startswith(_KEPT)
        }
        own = {
            "DJANGO_SETTINGS_MODULE": "guitai.site.settings",
            "GUITAI_MODE": "production",
            "GUITAI_HOME": str(self.home),
            "GUITAI_PUBLIC_URL": "http://127.0.0.1:8000",
            "GUITAI_DATABASE_URL": self.address(name),
        }
        return {**kept, **own, **self._secrets, **more}

    def settings(self) -> dict[str, str]:
        """What of the server's settings matters here."""
        rows = self.admin.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)",
            [list(_SHOWN)],
        )
        found: dict[str, str] = dict(rows.fetchall())
        return {name: str(found[name]) for name in _SHOWN if name in found}

    @property
    def version(self) -> str:
        row = self.admin.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""

    def _name(self, name: str) -> str:
        return f"{_PREFIX}{self.token}_{name}"


@contextlib.contextmanager
def opened() -> Iterator[Place]:
    """A place to measure in, on the server that is named or else on the embedded one.

    refuses  StartRefused when no database can be made there
    """
    with surroundings.database() as cluster:
        url = os.environ["GUITAI_DATABASE_URL"]
        superuser = url.replace(f"//{embedded.ROLE}@", f"//{embedded.SUPERUSER}@", 1) if cluster else url
        token = secrets.token_hex(4)
        with contextlib.ExitStack() as stack:
            admin = stack.enter_context(_connected(url, token))
            home = Path(tempfile.mkdtemp(prefix="guitai-bench-"))
            stack.callback(shutil.rmtree, home, ignore_errors=True)
            for left in _left_over(admin):
                _drop(admin, left)
            place = Place(url, superuser, token, home, admin, _secrets=_fresh_secrets())
            stack.callback(_clear, admin, f"{_PREFIX}{token}_")
            _warn_of_lies(place)
            yield place


def in_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))


def is_durable(settings: dict[str, str]) -> bool:
    """Whether a commit is on disk before it is answered."""
    return settings.get("fsync") == "on" and settings.get("synchronous_commit") != "off"


def _connected(url: str, token: str) -> psycopg.Connection:
    """A connection to whatever database is always there; ours is only the last resort, and never written to."""
    latest: psycopg.Error | None = None
    for address in (in_database(url, "postgres"), url):
        try:
            return psycopg.connect(address, autocommit=True, application_name=_mark(token))
        except psycopg.OperationalError as error:
            latest = error
    raise StartRefused(f"the database does not answer: {latest}")


def _mark(token: str) -> str:
    """By this connection other runs see that the databases of this one are in use."""
    return f"guitai bench {token}"


def _left_over(admin: psycopg.Connection) -> list[str]:
    """Scratch databases of runs that were killed."""
    rows = admin.execute(
        "SELECT d.datname FROM pg_database d WHERE starts_with(d.datname, %s) AND d.datdba = current_user::regrole"
        " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity s"
        " WHERE s.application_name = 'guitai bench ' || split_part(d.datname, '_', 3))",
        [_PREFIX],
    )
    return [row[0] for row in rows.fetchall()]


def _clear(admin: psycopg.Connection, prefix: str) -> None:
    rows = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    for (name,) in rows.fetchall():
        _drop(admin, name)


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _fresh_secrets() -> dict[str, str]:
    return {
        "GUITAI_SECRET_KEY": secrets.token_urlsafe(64),
        "GUITAI_DATA_KEYS": "b1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _warn_of_lies(place: Place) -> None:
    if not is_durable(place.settings()):
        say(
            "WARNING: fsync or synchronous_commit is off on this server. A commit means nothing there, and neither do "
            "these figures: they flatter the textbook, which commits most."
        )

"""One cluster, shared by whoever opens it: the first one in starts it, the last one out stops it."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from guitai.site.postgres import binaries, place, server, settings
from guitai.site.postgres.account import account
from guitai.site.postgres.place import Place
from guitai.site.postgres.refusals import ClusterRefused

_ATTEMPTS_MAX = 50


class Cluster:
    """An open embedded PostgreSQL. Keep it open while you use `url`, then `close()` it.

    takes    the home folder; `durable=False` only for tests, which may lose data in a crash
    gives    `url`, the address of Guitai's database in it
    refuses  ClusterRefused, which says what is in the way
    """

    def __init__(self, where: Place, *, durable: bool) -> None:
        self._place, self._durable = where, durable
        self._using: int | None = None

    @classmethod
    def open(cls, home: Path, *, durable: bool = True) -> Self:
        owner = account()
        folder = place.find_folder(home, owner)
        where = Place(folder=folder, sockets=place.socket_folder(folder, owner))
        place.private_folder(where.log, owner)
        cluster = cls(where, durable=durable)
        try:
            with cluster._locked():
                cluster._using = os.open(cluster._users_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                fcntl.flock(cluster._using, fcntl.LOCK_SH)
                cluster._start()
                cluster._prepare()
        except BaseException:
            cluster.close()
            raise
        return cluster

    @property
    def url(self) -> str:
        host = quote(str(self._place.sockets), safe="")
        return f"postgresql://{settings.ROLE}@/{settings.DATABASE}?host={host}"

    @property
    def postmaster(self) -> int | None:
        """The server's process id, None when it is not running."""
        return server.postmaster(self._place.data)

    def ensure_running(self) -> bool:
        """Start the server again if it died; gives whether that was needed."""
        if self.postmaster is not None:
            return False
        with self._locked():
            return self._start()

    def close(self) -> None:
        """Leave; the last one out stops the server."""
        if self._using is None:
            return
        with self._locked():
            try:
                # Turning our shared lock into an exclusive one works only when nobody else holds one.
                fcntl.flock(self._using, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                server.stop(self._place.data)
            os.close(self._using)
            self._using = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _users_file(self) -> Path:
        return self._place.folder / "users.lock"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time starts or stops: held only for that, released by the kernel if we die."""
        path = self._place.folder / "start.lock"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _start(self) -> bool:
        if self.postmaster is not None:
            return False
        owner, programs = account(), binaries.installed()
        if owner.other:
            programs = binaries.readable_copy(programs, self._place.folder)
        server.ensure_data(self._place, programs, owner)
        main = settings.write(self._place, owner, durable=self._durable)
        server.start(self._place, programs, owner, main)
        return True

    def _connected(self) -> psycopg.Connection:
        """A connection as superuser, through a recovery that somebody else's start left under way."""
        attempts = 0
        while True:
            try:
                return psycopg.connect(
                    host=str(self._place.sockets), user=settings.SUPERUSER, dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError as error:
                # "The database system is starting up" is only a matter of waiting; the rest is not.
                attempts += "starting up" not in str(error) and "not yet accepting" not in str(error)
                if attempts > _ATTEMPTS_MAX:
                    raise ClusterRefused(f"the database does not answer: {error}") from error
                time.sleep(0.2)
                self._start()

    def _prepare(self) -> None:
        """The role and the database, which an interrupted first start may not have made."""
        with self._connected() as connection:
            role, database = sql.Identifier(settings.ROLE), sql.Identifier(settings.DATABASE)
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.ROLE]
            ).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [settings.DATABASE]
            ).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))

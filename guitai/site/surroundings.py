"""What a command needs around it: checked variables, a database, Django."""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import django

from guitai.kit.environment import Environment, read_environment
from guitai.site.postgres import Cluster

_DATABASE = "GUITAI_DATABASE_URL"


def home() -> Path:
    """Where data, keys and logs are kept."""
    return Path(os.environ.get("GUITAI_HOME") or "var").absolute()


def checked() -> Environment:
    """The environment, read before anything is started, so that a mistake costs no time.

    refuses  EnvironmentRefused, which names the variable
    """
    stand_in = {} if os.environ.get(_DATABASE) else {_DATABASE: "postgresql:///guitai"}
    return read_environment({**os.environ, **stand_in})


@contextlib.contextmanager
def database() -> Iterator[Cluster | None]:
    """The database for as long as the block runs: the one that is named, or else the embedded one."""
    if os.environ.get(_DATABASE):
        yield None
        return
    with Cluster.open(home()) as cluster:
        os.environ[_DATABASE] = cluster.url
        try:
            yield cluster
        finally:
            del os.environ[_DATABASE]


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """A database and Django, set up."""
    checked()
    with database():
        # The queue tells at length of each task that it gets to know and of each job that goes well.
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guitai.site.settings")
        django.setup()
        yield

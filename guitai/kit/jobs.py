"""Background jobs: procrastinate's queue in our own PostgreSQL, so that a job commits with its cause."""

from procrastinate.contrib.django import app

__all__ = ["app"]

"""Why the embedded PostgreSQL cannot be had."""


class ClusterRefused(Exception):
    """The text says what is in the way and what to do about it."""

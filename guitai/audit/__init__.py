"""Append-only record of who did or saw what, and why."""

"""Decisions of reconciliation: pure, without a database and without a clock."""

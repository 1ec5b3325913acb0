"""Decisions of the reserve, without a database: what is signed, who may sign, how much belongs where."""

"""Reconciliation: every line of a bank's statement beside the movement in the books, and each day's close."""

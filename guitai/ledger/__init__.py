"""Accounts, transfers and balances: double entry, exact."""

"""Help centre, official contacts, cases."""

"""Telephones: what the wallet sends by SMS, as whoever holds the phone would see it."""

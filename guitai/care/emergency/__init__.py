"""Somebody else is in the wallet: stop everything, get back what can be got back, and write it all down."""

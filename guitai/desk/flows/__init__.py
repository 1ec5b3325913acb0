"""Verbs of the desk itself: looking closer, deciding."""

"""Refusals of pay: one class a code, each with its words in `explanations.py`."""

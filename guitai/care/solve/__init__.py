"""Solve it now: the ten commonest troubles, answered from the books, with the one action that helps."""

"""The verbs of the reserve, one a file."""

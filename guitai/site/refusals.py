"""Why a command declines to start."""


class StartRefused(Exception):
    """Something outside has to change first; the text says what, and what to do."""

"""The whole wallet in one process, on a clock of its own, with one source of chance that decides everything.

See tests/machine/README.md for how it is run, replayed and read.
"""

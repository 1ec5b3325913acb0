"""One verb a file: each builds an intent and hands it to the till."""

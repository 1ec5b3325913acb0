"""The till: every movement of money is an intent that passes claim, lock, load, decide, write, commit."""

"""The cold reserve: a share of customers' money that only several people, each with a key of their own, release."""

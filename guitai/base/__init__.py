"""Money, ids, clock, references, Refusal: what every room shares, without Django."""

"""What a case is asked for: only what neither the books nor the account's standing say already."""

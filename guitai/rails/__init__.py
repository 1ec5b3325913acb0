"""Ways in and out of the wallet: orders given to a bank, and what banks tell us about them."""

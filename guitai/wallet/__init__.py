"""The till, and the verbs that move a customer's money."""

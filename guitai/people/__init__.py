"""Customers and staff: sign-in, PIN, standing."""

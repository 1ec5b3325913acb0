"""Merchants: orders, checkout, refunds."""

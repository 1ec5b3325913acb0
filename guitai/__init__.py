"""Guitai: a self-hosted wallet with its own customer-service counter."""

__version__ = "0.1.0"

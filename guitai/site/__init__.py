"""Settings, urls, wiring and the guitai command."""

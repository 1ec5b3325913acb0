"""What will pass through the door of pay: frozen values, no models."""

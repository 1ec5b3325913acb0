"""The door of pay: orders, checkout, refunds and disputes of merchants. No verb stands behind it yet."""

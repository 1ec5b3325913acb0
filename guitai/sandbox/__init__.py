"""The simulated outside world, in a process of its own: a bank and a telephone. No real money."""

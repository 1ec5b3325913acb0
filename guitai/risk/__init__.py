"""Rules, scores, holds: whether a movement goes on at once or waits for a look."""

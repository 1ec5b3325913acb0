"""Template libraries of the room care."""

"""Pages of the room care: parse, call the door, render."""

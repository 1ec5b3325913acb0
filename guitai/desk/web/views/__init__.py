"""Views of the desk: parse, call the door, render."""

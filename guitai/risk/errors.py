"""Risk refuses nothing: it answers `pass` or `hold`. The codes of its holds are in `types.HoldReason`."""

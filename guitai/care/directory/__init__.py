"""The directory of everything that is ours: what the operator publishes, signed so that anybody can check it."""

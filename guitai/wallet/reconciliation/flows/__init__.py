"""What reconciliation does, one verb a file."""

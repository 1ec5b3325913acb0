"""One verb a file; the outermost flow owns the transaction."""

"""Base templates, components and design tokens."""

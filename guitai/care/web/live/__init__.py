"""Live answers in articles: `{{ live:balance }}` becomes what is true for this reader, now."""

"""Finding the article that answers a question: words, synonyms, slips of the hand, sound, and one score."""

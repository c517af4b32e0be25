"""Made-up questions in any number, with all that was said and done since, to try the desk with ten years of them."""

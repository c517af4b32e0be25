"""Sentences as vectors: near when they mean nearly the same."""

DIMENSIONS = 512  # of the sentence encoder

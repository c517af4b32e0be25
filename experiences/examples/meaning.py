"""Vectors of made-up experiences: near those of opening ones, as encoding so many texts would take hours."""

import numpy
from django.db import connection
from pgvector import Vector

from experiences.models import Experience
from experiences.searchable import NAME
from search.models import Document

DERIVE = """
UPDATE search_document SET vector = derived.vector::vector
FROM unnest(%s::text[], %s::text[]) AS derived (key, vector)
WHERE kind = %s AND search_document.key = derived.key
"""
NOISE = 0.6  # of the length of the mixture: two experiences drawn from the same pair still differ


class Meaning:
    def __init__(self, seed: int):
        self.seed = seed
        real = Experience.objects.filter(is_generated=False).values_list("pk", flat=True)
        vectors = (
            Document.objects.filter(kind=NAME, key__in=[str(key) for key in real], vector__isnull=False)
            .order_by("address")
            .values_list("vector", flat=True)
        )
        self.known = numpy.array([list(vector or ()) for vector in vectors], dtype=numpy.float32)

    def derive(self, numbers: dict[int, int]) -> None:
        """Give vectors to the documents of these experiences, by key and number; none where none is known."""
        if not len(self.known):
            return
        keys = [str(key) for key in numbers]
        vectors = [Vector(self.vector(number)).to_text() for number in numbers.values()]
        with connection.cursor() as cursor:
            cursor.execute(DERIVE, [keys, vectors, NAME])

    def vector(self, number: int) -> numpy.ndarray:
        """A mixture of two known ones, disturbed, of length 1."""
        draw = numpy.random.default_rng([self.seed, number])
        first, second = self.known[draw.integers(len(self.known), size=2)]
        noise = draw.standard_normal(first.size)
        mixed = first + draw.uniform(0.1, 0.6) * second + NOISE * noise / numpy.linalg.norm(noise)
        return mixed / numpy.linalg.norm(mixed)

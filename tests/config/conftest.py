from datetime import date

import pytest

from experiences.models import Experience, Scale, State


@pytest.fixture
def make_experience(db):
    def make(**fields):
        return Experience.objects.create(
            **{
                "slug": "la-scierie",
                "title": "Une scierie reprise par ses habitants",
                "pitch": "Des habitants et la commune reprennent la scierie du village.",
                "state": State.PUBLISHED,
                "organisations": "La Scierie",
                "scale": Scale.choices[0][0],
                "first_published_on": date(2026, 1, 5),
                **fields,
            }
        )

    return make

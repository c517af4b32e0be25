"""How fast the portal is with 1,000, 10,000 and 100,000 experiences: docs/bench.md says what is measured."""

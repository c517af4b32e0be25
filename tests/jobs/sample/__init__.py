"""An app with tasks of its own, for the workers of the tests."""

"""Made-up experiences in any number, in the likeness of the opening ones, to try the portal with many."""

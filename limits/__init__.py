"""How often something may be done, counted in the database so that every process sees the same figure."""

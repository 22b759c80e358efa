"""Forms of cases: they clean what was typed and never save."""

"""Area: audit."""

"""Area: votes."""

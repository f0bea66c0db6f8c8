"""Area: notifications."""

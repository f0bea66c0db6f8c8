"""Area: tasks."""

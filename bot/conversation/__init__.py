"""Forms and the pure step that answers one message."""

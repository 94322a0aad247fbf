"""Pure rules of the field."""

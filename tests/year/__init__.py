"""A year of an invented province, played through the real desk, forms and clock."""

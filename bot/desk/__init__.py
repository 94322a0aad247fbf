"""What answers at once: one noun of the field a file; `nouns` is their list."""

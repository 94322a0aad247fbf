"""Everything that is kept: tables, queries, migrations. Knows nothing of `bot`."""

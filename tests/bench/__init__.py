"""Measurements: `uv run python -m tests.bench` prints one line of JSON for each."""

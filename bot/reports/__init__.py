"""Summaries: one section a file, values in, values out."""

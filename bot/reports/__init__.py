"""Summaries: pure sections from facts to blocks, and how a snapshot of them is printed."""

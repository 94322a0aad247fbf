"""Conversations as pure functions: a form is data, a step is a function."""

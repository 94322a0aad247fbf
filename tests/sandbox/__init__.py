"""Tests of the sandbox: protocol, switches, page."""

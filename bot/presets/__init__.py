"""Programmes of the field as data: one TOML file each, sheets of a workbook and a sample."""

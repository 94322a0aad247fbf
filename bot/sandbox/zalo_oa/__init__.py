"""The sandbox's Zalo Official Account: a local server that speaks its OpenAPI v3."""

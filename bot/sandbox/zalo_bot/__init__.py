"""The sandbox's Zalo Bot Platform: a local server that speaks its interface."""

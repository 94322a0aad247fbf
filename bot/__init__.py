"""Sâu Sát: a chat service for cadres who follow communes."""

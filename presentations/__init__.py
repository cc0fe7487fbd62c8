"""Lectern: slide presentations made in the background."""

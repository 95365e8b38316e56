"""Engines on checkpoints trained here."""

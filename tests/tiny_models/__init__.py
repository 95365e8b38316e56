"""Tiny checkpoints trained here on a closed set of sentences, so that engines must give known answers."""

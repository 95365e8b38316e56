"""Review that feeds back: an editor corrects a bundle in the browser and the desk learns from it.

``desk`` holds what a correction does; ``app`` is the web side of it; ``serve`` runs both on this
machine's loopback address only.
"""

"""Segment, summarise and translate Chinese newspaper issues into bilingual bundles."""

__version__ = "0.1.0"

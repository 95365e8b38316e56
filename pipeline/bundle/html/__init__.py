"""The HTML that people read: an issue's page and the archive's front page."""

from pipeline.bundle.html.issue_page import ReviewLinks, render

__all__ = ["ReviewLinks", "render"]

"""Bundles: what editors read, correct and can prove.

``write`` turns an ``IssueResult`` into ``<out>/<issue slug>/``, whole or not at all; ``read`` turns
the folder back into the same result.  Each format has a module here and a page in ``docs/bundle``.
"""

from pipeline.bundle.naming import issue_slug
from pipeline.bundle.reader import finished, manifest, read, volatile
from pipeline.bundle.writer import check, write

__all__ = ["check", "finished", "issue_slug", "manifest", "read", "volatile", "write"]

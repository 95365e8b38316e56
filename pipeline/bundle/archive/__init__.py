"""The archive: one front page over all bundles of a folder, kept current as they come and go.

``update`` looks at the folder and takes in what changed; ``search`` answers a query from the
database.  The page itself searches a static index (``shards``) and needs no server.
"""

from pipeline.bundle.archive.catalogue import Hit, Report, search, update

__all__ = ["Hit", "Report", "search", "update"]

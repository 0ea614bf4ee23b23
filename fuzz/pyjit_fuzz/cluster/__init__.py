"""Campaigns over several machines: their jobs run on the workers of a Dask cluster.

``station`` is what runs on a Dask worker, ``crew`` what the supervisor sees of the cluster,
``orders`` what they say to each other. Importing this package does not import Dask.

Everybody who can reach a Dask scheduler can run code on its workers, and what Dask itself sends
is pickled. Clusters are for networks that are trusted, or secured with Dask's own TLS settings.
"""

from pyjit_fuzz.cluster.gather import on_cluster

__all__ = ["on_cluster"]

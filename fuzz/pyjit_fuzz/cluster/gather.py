"""Gathers a crew on a cluster, without importing Dask before that is asked for."""

from __future__ import annotations

from pyjit_fuzz.campaign import CampaignError
from pyjit_fuzz.campaign.crew import Crew, Gather, Tell
from pyjit_fuzz.campaign.protocol import Start


def on_cluster(address: str, most: int | None = None) -> Gather:
    """Return what gathers the workers of the cluster whose scheduler has this address.

    ``most`` bounds the tasks at a time; ``None``: as many as the workers have threads. Gathering
    raises ``CampaignError`` when there is no such cluster.
    """

    def gather(start: Start, tell: Tell) -> Crew:
        try:
            from pyjit_fuzz.cluster.crew import ClusterCrew  # noqa: PLC0415 - it is optional
        except ModuleNotFoundError as error:
            raise CampaignError(
                f"--cluster needs Dask ({error}); install it with: "
                "pip install 'pyjit-fuzz[cluster]'"
            ) from error
        return ClusterCrew(address, most, start, tell)

    return gather

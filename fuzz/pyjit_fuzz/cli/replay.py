"""``pyjit-fuzz replay``: say whether a finding still shows."""

from __future__ import annotations

import msgspec
import typer

from pyjit_fuzz.campaign import Lane, read_finding
from pyjit_fuzz.campaign.setup import make_ready_again
from pyjit_fuzz.cli.options import FOUND, FindingFolder, Json, TimeLimit, limits
from pyjit_fuzz.cli.show import print_finding
from pyjit_fuzz.triage import mechanism
from pyjit_oracles import same_mechanism


def replay(folder: FindingFolder, *, time_limit: TimeLimit = None, json: Json = False) -> int:
    """Run a finding's program again in fresh processes and print both observations.

    Needs the finding's folder only, not its campaign. Exits with 1 if the
    difference shows, with 0 if it does not show any more.
    """
    finding = read_finding(folder)
    profiles = [make_ready_again(each) for each in (finding.reference, finding.tested)]
    with Lane(profiles, limits(time_limit)) as lane:
        observations = lane.pair(finding.program, finding.tested.key, fresh=True)
        verdicts = lane.judge(finding.program, observations)
        build = lane.profiles[finding.tested.key].build_id
    wanted = mechanism(finding.verdict)
    same = any(same_mechanism(finding.verdict, verdict) for verdict in verdicts)
    if json:
        answer = {
            "reproduces": same,
            "differs": bool(verdicts),
            "build": build,
            "found_with_build": finding.tested.build_id,
            "verdicts": verdicts,
            "observations": observations,
        }
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    else:
        print_finding(finding, observations)
        if build != finding.tested.build_id:
            typer.echo(f"found with build {finding.tested.build_id}, this is build {build}")
        if same:
            typer.echo(f"reproduces: {wanted}")
        elif verdicts:
            found = ", ".join(mechanism(verdict) for verdict in verdicts)
            typer.echo(f"differs in another way than {wanted}: {found}")
        else:
            typer.echo("does not reproduce: the observations are the same")
    return FOUND if verdicts else 0

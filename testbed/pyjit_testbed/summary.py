"""What a bed has found, out of its store: the report, the JSON file and the exit code say it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pyjit_testbed.bed import unit_differences
from pyjit_testbed.known import Known
from pyjit_testbed.model import PASSING, STOCK, Difference
from pyjit_testbed.store import Settings, Store


class Explained(msgspec.Struct, frozen=True):
    """A difference and the row that explains it."""

    difference: Difference
    reason: str
    contract: str


class Idle(msgspec.Struct, frozen=True):
    """A unit of which nothing passes stock, so that it says nothing about the JIT."""

    unit: str
    why: str


class ArmNumbers(msgspec.Struct, frozen=True):
    """What ran in one arm."""

    arm: str
    units: int
    tests: int
    passed: int
    skipped: int
    not_passed: int
    seconds: float


class UnitNumbers(msgspec.Struct, frozen=True):
    """One unit in all arms, as the report's table has it."""

    unit: str
    passed: dict[str, int]
    seconds: dict[str, float]
    differences: int


class Summary(msgspec.Struct, frozen=True):
    """Everything that is reported."""

    settings: Settings
    units_wanted: int
    arms: list[ArmNumbers]
    differences: list[Difference]
    explained: list[Explained]
    unsteady: list[Difference]
    """Those that did not happen again."""
    idle: list[Idle]
    units: list[UnitNumbers]

    @property
    def complete(self) -> bool:
        """Whether every unit ran in every arm."""
        return all(numbers.units == self.units_wanted for numbers in self.arms)


def summarise(
    store: Store, units: Sequence[str], arms: Sequence[str], known: Sequence[Known]
) -> Summary:
    """Collect what ``store`` has of ``units`` in ``arms``."""
    open_ones: list[Difference] = []
    explained: list[Explained] = []
    unsteady: list[Difference] = []
    for unit in units:
        for arm in arms:
            if arm == STOCK:
                continue
            kept, dropped = unit_differences(store, unit, arm)
            unsteady += dropped
            for difference in kept:
                row = next((row for row in known if row.explains(difference)), None)
                if row is None:
                    open_ones.append(difference)
                else:
                    explained.append(Explained(difference, row.reason, row.contract))
    return Summary(
        settings=store.settings,
        units_wanted=len(units),
        arms=[_arm(store, units, arm) for arm in arms],
        differences=open_ones,
        explained=explained,
        unsteady=unsteady,
        idle=[
            Idle(unit, f"{stock.whole.kind} {stock.whole.detail}".strip())
            for unit in units
            if (stock := store.get(unit, STOCK, 0)) is not None and not stock.passed
        ],
        units=[_unit(store, unit, arms, open_ones) for unit in units],
    )


def _arm(store: Store, units: Sequence[str], arm: str) -> ArmNumbers:
    runs = [run for unit in units if (run := store.get(unit, arm, 0)) is not None]
    kinds = [outcome.kind for run in runs for outcome in run.others.values()]
    passed = sum(len(run.passed) for run in runs) + sum(kind in PASSING for kind in kinds)
    skipped = kinds.count("skip")
    tests = sum(len(run.passed) for run in runs) + len(kinds)
    return ArmNumbers(
        arm=arm,
        units=len(runs),
        tests=tests,
        passed=passed,
        skipped=skipped,
        not_passed=tests - passed - skipped,
        seconds=round(sum(run.seconds for run in runs), 1),
    )


def _unit(
    store: Store, unit: str, arms: Sequence[str], differences: Sequence[Difference]
) -> UnitNumbers:
    runs = {arm: run for arm in arms if (run := store.get(unit, arm, 0)) is not None}
    return UnitNumbers(
        unit=unit,
        passed={arm: len(run.passed) for arm, run in runs.items()},
        seconds={arm: run.seconds for arm, run in runs.items()},
        differences=sum(difference.unit == unit for difference in differences),
    )

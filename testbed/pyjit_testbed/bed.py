"""The loop: every unit in every arm, differences again, as many units at a time as are asked for.

What the store has is not run again, so the same call goes on where an interrupted one was.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from pyjit_testbed.child import Stopped, run_unit
from pyjit_testbed.compare import confirmed, differences
from pyjit_testbed.model import STOCK, Arm, Difference, Run, Unit
from pyjit_testbed.store import Store

Progress = Callable[[int, int, str, list[Run], list[Difference]], None]
"""Called with: units done, units, name, runs of the unit, its confirmed differences."""


class Bed:
    """Runs units in ``arms`` (the first is the stock one) and keeps the runs in ``store``."""

    def __init__(self, arms: Sequence[Arm], store: Store, *, timeout: float) -> None:
        assert arms[0].name == STOCK, "the first arm is what the others are compared with"
        self._arms = arms
        self._store = store
        self._timeout = timeout
        self._stop = threading.Event()

    def run(self, units: Sequence[Unit], *, jobs: int, progress: Progress) -> None:
        """Run everything that is not in the store yet.

        Raises:
            KeyboardInterrupt: after the children were ended; the store has all that was over.
        """
        pool = ThreadPoolExecutor(jobs)
        pending: set[Future[tuple[str, list[Run], list[Difference]]]] = set()
        try:
            pending = {pool.submit(self._unit, unit) for unit in units}
            done = 0
            while pending:
                over, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in over:
                    done += 1
                    progress(done, len(units), *future.result())
        except BaseException:
            self._stop.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _unit(self, unit: Unit) -> tuple[str, list[Run], list[Difference]]:
        stock, *jitted = (self._once(unit, arm, 0) for arm in self._arms)
        found = []
        for arm, run in zip(self._arms[1:], jitted, strict=True):
            if differences(stock, run):
                self._once(unit, self._arms[0], 1)
                self._once(unit, arm, 1)
            found += unit_differences(self._store, unit.name, arm.name)[0]
        return unit.name, [stock, *jitted], found

    def _once(self, unit: Unit, arm: Arm, attempt: int) -> Run:
        run = self._store.get(unit.name, arm.name, attempt)
        if run is None:
            if self._stop.is_set():
                raise Stopped
            run = run_unit(unit, arm, attempt, timeout=self._timeout, stop=self._stop)
            self._store.add(run)
        return run


def unit_differences(
    store: Store, unit: str, arm: str
) -> tuple[list[Difference], list[Difference]]:
    """Return the confirmed differences of a unit, and those that did not happen again."""
    stock, jitted = store.get(unit, STOCK, 0), store.get(unit, arm, 0)
    stock_again, jitted_again = store.get(unit, STOCK, 1), store.get(unit, arm, 1)
    if stock is None or jitted is None or stock_again is None or jitted_again is None:
        return [], []
    first = differences(stock, jitted)
    kept = confirmed(first, differences(stock_again, jitted_again))
    return kept, [difference for difference in first if difference not in kept]

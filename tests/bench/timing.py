"""A race: our program and a named reference at the same work, on the same machine, one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

ROUNDS = 5


@dataclass(frozen=True)
class Race:
    """One call of `ours` does `amount` of the work, counted in `unit`; so does `reference`, or `reference_amount`."""

    title: str
    unit: str
    amount: int
    ours: Callable[[], object]
    reference: Callable[[], object]
    reference_name: str
    reference_amount: int | None = None

    def run(self) -> str:
        """Take turns, so that a slow moment of the machine meets both; compare the medians."""
        rounds = [(seconds(self.ours), seconds(self.reference)) for _ in range(ROUNDS)]
        ours = self.amount / median(ours for ours, _ in rounds)
        reference = (self.reference_amount or self.amount) / median(reference for _, reference in rounds)
        return (
            f"{self.title}: {ours / reference:,.2f} times {self.reference_name}"
            f" ({ours:,.0f} against {reference:,.0f} {self.unit} a second)"
        )


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def spread(milliseconds: Sequence[float]) -> str:
    return f"p50 {median(milliseconds):.1f} ms, p95 {quantiles(milliseconds, n=20)[18]:.1f} ms"


def peak() -> float:
    """Megabytes that this process has taken at most, on Linux.

    Not `ru_maxrss`, which begins with what the process had that started this one.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

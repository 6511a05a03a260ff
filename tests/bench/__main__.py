"""`make bench`: ratios against named references, measured in the same run. Nothing here passes or fails.

`python -m tests.bench NAME...` runs these parts only.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from tests.bench import agreement, dashboard, exporting, importing, sampling, saving, screen, splitting  # noqa: E402
from tests.bench.timing import Race  # noqa: E402

PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "saving": saving.lines,
    "screen": screen.lines,
    "splitting": lambda: run(splitting.races()),
    "importing": lambda: run(importing.races()),
    "sampling": lambda: run(sampling.races()),
    "agreement": agreement.lines,
    "dashboard": dashboard.lines,
    "exporting": exporting.lines,
}


def run(races: Iterable[Race]) -> Iterator[str]:
    return (race.run() for race in races)


def main(names: list[str]) -> None:
    call_command("migrate", verbosity=0)
    for name in names or PARTS:
        for line in PARTS[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

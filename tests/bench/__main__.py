"""`make bench`: ratios against named references, measured in the same run. Nothing here passes or fails.

`python -m tests.bench NAME...` runs the modules of these names only.
"""

import os
import sys
from collections.abc import Iterator

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from tests.bench import agreement, importing, saving, screen, splitting  # noqa: E402

RACES = {"saving": saving, "splitting": splitting, "importing": importing, "agreement": agreement}


def lines(name: str) -> Iterator[str]:
    if name == "screen":
        yield from screen.lines()
    for race in RACES[name].races() if name in RACES else ():
        yield race.run()


def main(names: list[str]) -> None:
    call_command("migrate", verbosity=0)
    for name in names or ["screen", *RACES]:
        for line in lines(name):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

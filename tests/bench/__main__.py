"""`make bench`: ratios against named references, measured in the same run. Nothing here passes or fails."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from tests.bench import agreement, importing, saving, splitting  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    for module in (saving, splitting, importing, agreement):
        for race in module.races():
            print(race.run(), flush=True)


if __name__ == "__main__":
    main()

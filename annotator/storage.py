"""Static files as they are served: hashed names, and each entry module in one file with the modules that it imports."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Pages whose modules are served as one file; the others have one or two.
ENTRIES = ("annotator/js/coding.js", "annotator/js/boundaries.js")
_IMPORT = re.compile(r'^import \{(?:(?! as )[^}])*\} from "\./(?P<name>[\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|class|const)", re.MULTILINE)
_DECLARED = re.compile(r"^(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


class BundleError(ValueError):
    """Two modules of one bundle declare the same name, or one is written in a way that the bundle can't take."""


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, and a request less for each module of our own."""

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: Mapping[str, object], dry_run: bool = False, **options: object
    ) -> Iterator[tuple[str, str, bool]]:
        bundled = dict(paths)
        for entry in set(ENTRIES) & set(paths) if not dry_run else ():
            place = Path(self.path(entry))
            place.write_text(bundle(place), encoding="utf-8")
            # Hashed and compressed from here, instead of from where it was collected.
            bundled[entry] = (self, entry)
        yield from super().post_process(bundled, dry_run, **options)


def bundle(entry: Path) -> str:
    """The module at `entry` behind all that it imports, as one module.

    Our modules import by name from beside them and export what they declare; so their lines can stand in one scope,
    each module after those that it needs, if no name is declared twice. Raises BundleError otherwise.
    """
    parts = [_EXPORT.sub("", _IMPORT.sub("", source)) for source in _in_order(entry, {}).values()]
    declared = [name for part in parts for name in _DECLARED.findall(part)]
    twice = {name for name in declared if declared.count(name) > 1}
    together = "\n".join(parts)
    left = re.findall(r"^(?:import|export)\b.*", together, re.MULTILINE)
    if twice or left:
        raise BundleError(f"{entry.name} can't be served as one file: {', '.join(sorted(twice)) or left[0]}")
    return together


def _in_order(place: Path, found: dict[Path, str]) -> dict[Path, str]:
    if place not in found:
        source = place.read_text(encoding="utf-8")
        for wanted in _IMPORT.finditer(source):
            _in_order(place.parent / wanted["name"], found)
        found[place] = source
    return found

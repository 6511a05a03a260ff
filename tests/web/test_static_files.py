"""Modules served as one file: nothing lost, and refused where that can't be."""

from pathlib import Path

import pytest

from annotator.storage import ENTRIES, BundleError, bundle

STATIC = Path(__file__).resolve().parents[2] / "annotator" / "static"


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_bundle_has_each_module_once_and_needs_no_other(entry: str) -> None:
    together = bundle(STATIC / entry)
    assert "\nimport " not in together
    assert "\nexport " not in together
    assert together.count("class Pen {") == 1
    assert together.rstrip().endswith((STATIC / entry).read_text().rstrip().splitlines()[-1])


def test_a_module_stands_before_those_that_import_it(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nconsole.log(b);\n')
    (tmp_path / "b.js").write_text("export const b = 1;\n")
    assert bundle(tmp_path / "a.js") == "const b = 1;\n\nconsole.log(b);\n"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('import { b } from "./b.js";\nconst b = 2;\n', "b"),
        ('import * as all from "./b.js";\n', "import"),
        ('import { b as c } from "./b.js";\n', "import"),
        ('import { b } from "./b.js";\nexport default b;\n', "export default"),
    ],
)
def test_what_can_not_stand_in_one_file_is_refused(tmp_path: Path, source: str, told: str) -> None:
    (tmp_path / "a.js").write_text(source)
    (tmp_path / "b.js").write_text("export const b = 1;\n")
    with pytest.raises(BundleError, match=told):
        bundle(tmp_path / "a.js")

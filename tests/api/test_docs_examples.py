"""The examples of docs/api.md, cut out of it and run against a served site."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.site import ROOT, Site

EXAMPLES = re.findall(r"```(python|r|sh)\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
RUN = {"python": [sys.executable, "-c"], "r": ["Rscript", "--vanilla", "-e"], "sh": ["bash", "-ec"]}
SAID = ("sentence Nobody was hurt.", "5 saved, 0 refused", "lead   1", '"state":"open"')


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.migrate()
    yield site
    site.stop()


def test_every_example_does_what_it_says(site: Site, tmp_path: Path) -> None:
    told = site.told("scripted")
    site.start()
    environment = os.environ | {"SITE": site.address, "PROJECT": told["slug"], "KEY": told["key"]}
    said = []
    for language, code in EXAMPLES:
        if shutil.which(RUN[language][0]) is None:
            continue
        command = [*RUN[language], code]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"
        said.append(done.stdout)
    assert [words for words in SAID if words not in "\n".join(said)] == []
    assert (tmp_path / "decisions.csv").read_text().startswith("item_id,")
    assert {row["value"] for row in parquet.read_table(tmp_path / "labels.parquet").to_pylist()} >= {"for", "neutral"}

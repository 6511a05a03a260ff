"""Files of others: each listed with its origin, and still as it came."""

import re
from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "annotator" / "static" / "annotator" / "vendor"
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| .+ \| .+ \| .+ \| `(?P<sum>[0-9a-f]{64})` \|$", re.MULTILINE)


def test_every_vendored_file_is_listed_with_its_checksum() -> None:
    listed = {row["file"]: row["sum"] for row in ROW.finditer((VENDOR / "README.md").read_text())}
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir() if path.name != "README.md"}
    assert listed == found

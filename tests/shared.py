"""Reference data that lies beside the repository, not in it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

needs_shared = pytest.mark.skipif(
    not (SHARED / "reference").is_dir(),
    reason=f"NOT RUN: the reference data is not beside this checkout (looked in {SHARED})",
)

"""The hostile inputs of the reference data: one case an upload, and what has to come of it. For every level of test."""

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from tests.shared import SHARED

FOLDER = SHARED / "reference" / "hostile"


@dataclass(frozen=True)
class Case:
    """One entry of the manifest; `raw` has the rest of its keys."""

    id: str
    route: str
    outcome: str
    raw: Mapping[str, Any]

    @property
    def filename(self) -> str:
        return str(self.raw.get("sent_as", {}).get("filename", ""))

    @property
    def ending(self) -> str:
        return self.filename.rpartition(".")[2].lower()

    @property
    def encoding(self) -> str | None:
        return self.raw.get("form_fields", {}).get("encoding")

    def content(self) -> Any:
        """Return the bytes that are sent; for a stream, what `generated.build` makes of it."""
        if "generate" in self.raw:
            return _generated().build(self.raw["generate"])
        return (FOLDER / self.raw["file"]).read_bytes()

    def check_refusal(self, message: str) -> None:
        """Check that a refusal names what a researcher has to mend, and leaks nothing."""
        for key in ("message_mentions_any", "message_mentions_also"):
            assert mentions(message, self.raw.get(key)), f"{message!r} names none of {self.raw[key]}"
        self.check_leaks(message)

    def check_report(self, report: str) -> None:
        """Check that the report of an accepted upload names each change."""
        for words in self.raw.get("report_mentions", []):
            assert mentions(report, words), f"{report!r} names none of {words}"
        self.check_leaks(report)

    def check_leaks(self, answer: str) -> None:
        for secret in self.raw.get("must_not_appear", []):
            assert secret.lower() not in answer.lower()

    def check_texts(self, texts: list[str]) -> None:
        """Check the stored texts of an accepted upload: their number, and the one that the case knows."""
        assert len(texts) == self.raw.get("stored_articles", 1)
        if "stored_text" in self.raw:
            assert self.raw["stored_text"] in texts
        for piece in self.raw.get("stored_text_contains", []):
            assert any(piece in text for text in texts), piece
        for piece in self.raw.get("stored_text_lacks", []):
            assert all(piece not in text for text in texts), piece


def mentions(message: str, words: list[str] | None) -> bool:
    """Whether the message holds one of the words, capitals or not; true where no word is asked for."""
    return not words or any(word.lower() in message.lower() for word in words)


@cache
def cases(route: str) -> tuple[Case, ...]:
    """Return the cases of a route; none where the reference data is absent (mark such tests with `needs_shared`)."""
    manifest = FOLDER / "manifest.json"
    if not manifest.is_file():
        return ()
    entries = json.loads(manifest.read_text(encoding="utf-8"))["cases"]
    return tuple(
        Case(entry["id"], entry["route"], entry["outcome"], entry) for entry in entries if entry["route"] == route
    )


@cache
def _generated() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile_generated", FOLDER / "generated.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

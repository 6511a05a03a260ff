"""A strict reader of REFI-QDA projects, after the published Project.xsd: what it does not name may not be there."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

SPACE = "{urn:QDA-XML:project:1.0}"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Element(NamedTuple):
    """The attributes that must and may be there; the elements in their order, `*` any number, `?` none or one."""

    must: str
    may: str
    holds: str


ELEMENTS: Mapping[str, Element] = {
    "Project": Element("name", "origin", "Users? CodeBook? Sources? Notes? Description?"),
    "Users": Element("", "", "User+"),
    "User": Element("guid", "name id", ""),
    "CodeBook": Element("", "", "Codes"),
    "Codes": Element("", "", "Code+"),
    "Code": Element("guid name isCodable", "color", "Description? NoteRef* Code*"),
    "Sources": Element("", "", "TextSource+"),
    "TextSource": Element("guid", "name plainTextPath creatingUser", "Description? PlainTextSelection* Coding*"),
    "PlainTextSelection": Element(
        "guid startPosition endPosition", "name creatingUser", "Description? Coding* NoteRef*"
    ),
    "Coding": Element("guid", "creatingUser", "CodeRef NoteRef*"),
    "CodeRef": Element("targetGUID", "", ""),
    "NoteRef": Element("targetGUID", "", ""),
    "Notes": Element("", "", "Note+"),
    "Note": Element("guid", "name creatingUser", "Description? PlainTextContent"),
    "PlainTextContent": Element("", "", ""),
    "Description": Element("", "", ""),
}


@dataclass(frozen=True)
class Selection:
    """A stretch of a text and what was said of it: codes by their path, with the note on each."""

    source: str
    user: str
    name: str
    about: str
    start: int
    end: int
    quote: str
    codes: Mapping[tuple[str, ...], str]


def read(data: bytes) -> list[Selection]:
    """The selections of a project; AssertionError where it is not as the standard has it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(files.pop("project.qde"))
    guids: dict[str, etree._Element] = {}
    _check(root, guids)
    paths = {
        f"sources/{one.get('plainTextPath').removeprefix('internal://')}" for one in root.iter(f"{SPACE}TextSource")
    }
    assert paths == set(files)
    codes = {code.get("guid"): _path(code) for code in root.iter(f"{SPACE}Code")}
    return [
        _selection(source, one, files, codes, guids)
        for source in root.iter(f"{SPACE}TextSource")
        for one in source.iter(f"{SPACE}PlainTextSelection")
    ]


def _check(element: etree._Element, guids: dict[str, etree._Element]) -> None:
    name = element.tag.removeprefix(SPACE)
    rule = ELEMENTS[name]
    assert set(rule.must.split()) <= set(element.attrib) <= {*rule.must.split(), *rule.may.split()}, name
    order = "".join(f"<{one.tag.removeprefix(SPACE)}>" for one in element)
    pattern = re.sub(r"(\w+)([?*+]?) ?", r"(?:<\1>)\2", rule.holds)
    assert re.fullmatch(pattern, order), f"{name} holds {order[:200]}"
    if guid := element.get("guid"):
        assert GUID.fullmatch(guid)
        assert guids.setdefault(guid, element) is element, f"{guid} twice"
    assert element.get("isCodable", "true") in {"true", "false"}
    for child in element:
        _check(child, guids)


def _path(code: etree._Element) -> tuple[str, ...]:
    """The keys from the question down; our codes begin their description with the key."""
    above = code.getparent()
    key = code.find(f"{SPACE}Description").text.split(": ")[0]
    return (*_path(above), key) if above.tag == f"{SPACE}Code" else (key,)


def _selection(
    source: etree._Element,
    one: etree._Element,
    files: Mapping[str, bytes],
    codes: Mapping[str, tuple[str, ...]],
    guids: Mapping[str, etree._Element],
) -> Selection:
    text = files[f"sources/{source.get('guid')}.txt"].decode()
    start, end = int(one.get("startPosition")), int(one.get("endPosition"))
    assert 0 <= start < end <= len(text)
    said = {}
    for coding in one.iter(f"{SPACE}Coding"):
        code = coding.find(f"{SPACE}CodeRef").get("targetGUID")
        assert guids[code].get("isCodable") == "true"
        notes = [guids[note.get("targetGUID")] for note in coding.iter(f"{SPACE}NoteRef")]
        said[codes[code]] = "".join(note.findtext(f"{SPACE}PlainTextContent") for note in notes)
    user = guids[one.get("creatingUser")].get("name")
    about = one.findtext(f"{SPACE}Description") or ""
    return Selection(source.get("name"), user, one.get("name"), about, start, end, text[start:end], said)

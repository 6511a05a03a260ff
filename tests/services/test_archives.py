"""A project archive holds everything of a project and nothing of the people; elsewhere it is the same project again."""

import gzip
import io
import json
import re
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.formats.project_archive import FORMAT, MANIFEST, Row, archive_pieces
from annotator.formats.zipped import zip_pieces
from annotator.models import CodebookMove
from annotator.queries.belonging import OURS
from annotator.services.archives import export_archive, import_archive
from annotator.services.archives.references import INSIDE
from annotator.services.archives.tables import LEFT_OUT, LEFT_OUT_FIELDS, PARTS, fields_of
from annotator.services.boundaries import undo_mending
from annotator.services.codebook_moves import undo_move
from annotator.services.purging import remove_rows
from annotator.services.snapshots import keep_report
from projects.models import Article, Assignment, AuditEntry, Membership, Project, Round, User
from projects.queries import access
from projects.queries.texts import newest_text
from projects.services.draws import draw_again
from projects.services.linking import undo
from projects.services.rounds import open_round, set_closed
from projects.services.shares import undo_shares
from tests import make, moved, whole

pytestmark = pytest.mark.django_db
FAR = 5_000_000
"""Ids begin here, so that one that is not a number of the archive can be told from everything else in it."""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA_DIR=tmp_path):
        yield


def far_ids() -> None:
    for table in PARTS.values():
        name = table._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, FAR])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [name, FAR])


def archived(lead: Membership) -> bytes:
    return b"".join(export_archive(member=lead, operator=True))


def files(archive: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


def test_every_table_and_field_is_archived_or_left_out_for_a_reason() -> None:
    """A new table or field has to be put into `archives.tables`; ids in JSON into `archives.references`."""
    ours = {table for table in apps.get_models() if table._meta.app_label in OURS}
    assert {table.__name__ for table in ours} == {table.__name__ for table in PARTS.values()} | LEFT_OUT.keys()
    fields = {f"{table.__name__}.{field.name}" for table in PARTS.values() for field in table._meta.concrete_fields}
    assert LEFT_OUT_FIELDS.keys() < fields
    assert INSIDE.keys() < {f"{table.__name__}.{field.name}" for table in PARTS.values() for field in fields_of(table)}


def datasets(slug: str, folder: Path) -> dict[str, bytes]:
    """What the project gives out: today, at an earlier moment, and under the codebook of then."""
    moment = AuditEntry.objects.filter(act="mend boundaries").get().at.isoformat()
    asked = {
        "long": [],
        "decisions": ["--layer", "decisions"],
        "consensus": ["--layer", "consensus"],
        "then": ["--as-of", moment],
        "under": ["--round", "Round 1", "--codebook", "1"],
    }
    for name, options in asked.items():
        call_command("export", slug, *options, "--out", str(folder / f"{name}.csv"), stdout=io.StringIO())
    found = {name: (folder / f"{name}.csv").read_bytes() for name in asked}
    told = io.StringIO()
    call_command("agreement", slug, "--round", "Round 1", "--replicates", "20", "--format", "json", stdout=told)
    return found | {"agreement": told.getvalue().encode()}


def test_elsewhere_it_is_the_same_project_again(tmp_path: Path) -> None:
    far_ids()
    study = whole.study()
    User.objects.filter(pk=study.lead.user_id).update(username="nadia.real", email="n@example.org", last_name="Surname")
    first, given = archived(study.lead), datasets(study.slug, tmp_path)
    texts = files(first)
    assert not [part for part in PARTS if not texts[f"{part}.jsonl"]]
    assert not re.search(r'[\[{:,"]50\d{5}[\]},:"]', "".join(texts.values())), "an id of the site"
    assert not re.search("nadia.real|n@example.org|Surname|Somebody’s name|hook.example", "".join(texts.values()))
    remove_rows(study.project)
    lead = import_archive(file=io.BytesIO(first), user=make.user("newcomer"))
    assert {name: text for name, text in files(archived(lead)).items() if text != texts[name]} == {}
    assert archived(lead) == first
    assert datasets(lead.project.slug, tmp_path) == given
    assert moved.is_sound()
    _goes_on(lead)


def _goes_on(lead: Membership) -> None:
    """Who labels, mends and undoes notices nothing."""
    round = Round.objects.get(name="Round 1")
    share = Assignment.objects.filter(round=round).order_by("pk")[0]
    Membership.objects.filter(pk=share.member_id).update(user=make.user("annotator"))
    label = share.labels.filter(unit__text_version=share.text_version, variable="stance", value="against").first()
    assert label is not None
    mine = access.own_assignment(User.objects.get(username="annotator").pk, share.pk)
    Round.objects.update(requires=None)
    make.label(mine, label.unit, "stance", "neutral", label.version)
    newest = CodebookMove.objects.select_related("round", "from_version", "to_version").get()
    assert undo_move(member=lead, move=newest).undone_at is not None
    article = share.text_version.article
    undo_mending(member=lead, article=article, base=newest_text(article).number)
    assert newest_text(article).number == 3
    linked = AuditEntry.objects.filter(act="link copies").order_by("-pk")[0]
    undo(member=lead, entry=linked.pk)
    assert not Article.objects.filter(linked_to__isnull=False).exists()
    taken = AuditEntry.objects.filter(act="reassign shares").get()
    undo_shares(lead=lead, entry=taken.pk)
    assert moved.is_sound()
    with pytest.raises(NotFoundError, match="not here"):
        draw_again(lead=lead, round=Round.objects.get(name="Drawn"))


def rows() -> dict[str, int]:
    return {table.__name__: table._base_manager.count() for table in PARTS.values()}


def altered(archive: bytes, part: str, change: Callable[[Row], object], at: int = 0) -> bytes:
    """The archive as a forger would write it: one line is another, and the manifest knows."""
    found: dict[str, list[Row]] = {
        name: [json.loads(line) for line in files(archive)[f"{name}.jsonl"].splitlines()] for name in PARTS
    }
    change(found[part][at])
    return b"".join(archive_pieces(found.items(), software="", left_out={}))


def rezipped(archive: bytes, change: Callable[[dict[str, str]], object]) -> bytes:
    found = files(archive)
    change(found)
    return b"".join(zip_pieces((name, [text.encode()]) for name, text in found.items()))


def _small() -> bytes:
    study = make.study(annotators=1)
    for unit in study.units()[:2]:
        make.label(study.assignment(), unit, "stance", "for")
    made = archived(study.lead)
    remove_rows(study.project)
    return made


FORGED: dict[str, tuple[str, Callable[[Row], object], str]] = {
    "a row that isn't there": ("labels", lambda row: row.update(unit=900), "there is no line 900 in units.jsonl"),
    "a row of no number": ("labels", lambda row: row.update(unit="1"), "there is no line"),
    "a share before the first": ("events", lambda row: row.update(assignment=-1), "no line -1"),
    "no value where one is needed": ("rounds", lambda row: row.update(name=None), "“name”"),
    "a purpose that none has": ("rounds", lambda row: row.update(purpose="fun"), "fun is not one of"),
    "a field too much": ("members", lambda row: row.update(user=1), "“user”"),
    "a field too few": ("labels", lambda row: row.pop("unit"), "“unit”"),
    "a number too large": ("units", lambda row: row.update(end=10**30), "“end”"),
    "a moment without offset": ("events", lambda row: row.update(server_time="2026-01-01T00:00:00"), "offset"),
    "a year that no calendar has": (
        "rounds",
        lambda row: row.update(closed_at="0001-01-01T00:00:00+00:00"),
        "the year 1",
    ),
    "arms that are none": ("rounds", lambda row: row.update(arms=[{"key": "a"}]), "an arm"),
    "a list for an object": ("articles", lambda row: row.update(metadata=[]), "another kind of JSON"),
    "another text": ("text_versions", lambda row: row.update(text="Another."), "sha256"),
    "a codebook that is none": ("codebooks", lambda row: row.update(document={}), "sha256"),
    "a label unlike its events": ("labels", lambda row: row.update(value="against"), "the events say"),
    "a unit beyond its text": ("units", lambda row: row.update(end=10_000), "beyond the end"),
    "a label of another round": ("labels", lambda row: row.update(variable="nothing"), "what they have to be"),
    "shares by their ids on the site": (
        "history",
        lambda row: row.update(detail={"given": ["5"], "taken": []}),
        "“detail”",
    ),
    "shares in another shape": ("history", lambda row: row.update(detail={"taken": "5"}), "“detail”"),
    "an entry of the site": ("history", lambda row: row.update(detail={"entry": "5"}), "“detail”"),
    "an entry that comes later, and nonsense": (
        "history",
        lambda row: row.update(detail={"entry": 2, "apart": [1]}),
        "“detail”",
    ),
    "no lead": ("members", lambda row: row.update(left_at="2026-01-01T00:00:00+00:00"), "no lead"),
}


def test_a_kept_report_has_the_ratings_of_its_hash() -> None:
    study = make.study(annotators=2)
    set_closed(lead=study.lead, round=study.round, closed=True)
    keep_report(member=study.lead, round=study.round)
    archive = archived(study.lead)
    remove_rows(study.project)
    bomb = bytes(3_000_000)
    forged = altered(
        archive,
        "snapshots",
        lambda row: row.update(
            ratings=b64encode(gzip.compress(bomb, 1)).decode(), input_sha256=sha256(bomb).hexdigest()
        ),
    )
    with pytest.raises(InvalidError, match="more than 2,000,000 bytes are packed"):
        import_archive(file=io.BytesIO(forged), user=None, most_rows=1_000)
    for ratings in ("", "AAAA", b64encode(gzip.compress(b"another")).decode()):
        forged = altered(
            archive, "snapshots", lambda row, ratings=ratings: row.update(ratings=ratings or row["ratings"][:-12])
        )
        with pytest.raises(InvalidError, match="its ratings"):
            import_archive(file=io.BytesIO(forged), user=None)


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_archive_is_refused_whole(what: str) -> None:
    part, change, told = FORGED[what]
    forged = altered(_small(), part, change)
    with pytest.raises(InvalidError, match=re.escape(told)):
        import_archive(file=io.BytesIO(forged), user=make.user())
    assert not Project.objects.exists()
    assert set(rows().values()) == {0}


def _without(part: str) -> Callable[[dict[str, str]], object]:
    return lambda found: found.pop(part)


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no ZIP": (lambda archive: b"Head\n", "no ZIP file"),
    "cut off": (lambda archive: archive[:-100], "no ZIP file"),
    "a ZIP of something else": (lambda archive: rezipped(archive, _without("manifest.json")), "no manifest.json"),
    "a part too few": (lambda archive: rezipped(archive, _without("labels.jsonl")), "labels.jsonl is missing"),
    "a part too many": (lambda archive: rezipped(archive, lambda found: found.update(more="")), "belong into it: more"),
    "a later version": (
        lambda archive: rezipped(
            archive, lambda found: found.update({"manifest.json": '{"format": "annotator-project", "version": 2}'})
        ),
        "has version 2",
    ),
    "another content": (
        lambda archive: rezipped(archive, lambda found: found.update({"history.jsonl": ""})),
        "history.jsonl is not as its manifest says",
    ),
    "no JSON": (lambda archive: archive_of({"project": "[" * 100_000}), "project.jsonl, line 1: this is no JSON"),
    "nested": (lambda archive: archive_of({"project": '{"a":' + "[" * 90 + "]" * 90 + "}"}), "nested"),
    "nested as deep as the stack": (
        lambda archive: archive_of({"project": '{"a":' + "[" * 900 + "]" * 900 + "}"}),
        "nested",
    ),
    "infinite": (lambda archive: archive_of({"project": '{"a": 1e999}'}), "no JSON"),
    "NUL": (lambda archive: archive_of({"project": r'{"slug": "a\\\u0000"}'}), "NUL"),
    "half a character": (lambda archive: archive_of({"project": r'{"slug": "\\ud83d\ude00"}'}), "half a character"),
}


def archive_of(texts: dict[str, str]) -> bytes:
    """An archive with these lines, as its manifest says."""
    lines = {f"{name}.jsonl": f"{text.rstrip()}\n" if text else "" for name, text in texts.items()}
    about = [
        {"name": name, "rows": text.count("\n"), "sha256": sha256(text.encode()).hexdigest()}
        for name, text in lines.items()
    ]
    manifest = json.dumps({"format": FORMAT, "version": 1, "parts": about})
    return b"".join(zip_pieces((name, [text.encode()]) for name, text in (lines | {MANIFEST: manifest}).items()))


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_archive_is_refused_before_anything_is_stored(what: str) -> None:
    damage, told = DAMAGED[what]
    with pytest.raises(InvalidError, match=re.escape(told)):
        import_archive(file=io.BytesIO(damage(archived(make.project()))), user=None, slug="other")
    assert Project.objects.count() == 1


def test_what_an_earlier_program_wrote_is_read() -> None:
    """A table and fields that it didn't have are empty, or as they usually are."""
    found = files(archived(make.study(annotators=1).lead))
    manifest = json.loads(found["manifest.json"])
    rows = {name: found[f"{name}.jsonl"] for name in PARTS if name != "hint_events"}
    rounds = [json.loads(line) for line in rows["rounds"].splitlines()]
    for name in ("arms", "tries", "requires"):
        rounds[0].pop(name)
    rows["rounds"] = json.dumps(rounds[0])
    assert len(manifest["parts"]) == len(rows) + 1
    lead = import_archive(file=io.BytesIO(archive_of(rows)), user=None, slug="earlier")
    assert lead.project.rounds.values_list("arms", "tries", "requires").get() == ([], 1, None)


def test_a_project_comes_in_once_and_under_a_free_address() -> None:
    study = make.study(annotators=1)
    first = archived(study.lead)
    with pytest.raises(InvalidError, match="is taken"):
        import_archive(file=io.BytesIO(first), user=None)
    second = import_archive(file=io.BytesIO(first), user=make.user(), slug="again")
    assert second.project.slug == "again"
    make.label(study.assignment(), study.units()[0], "stance", "for")
    with pytest.raises(InvalidError, match="on this site already"):
        import_archive(file=io.BytesIO(archived(study.lead)), user=None, slug="more")
    with pytest.raises(InvalidError, match="MB are the most"):
        import_archive(file=io.BytesIO(first), user=None, slug="more", most_rows=1)
    assert set(Project.objects.values_list("slug", flat=True)) == {study.slug, "again"}


def test_who_may_take_it() -> None:
    study = make.study(annotators=1)
    with pytest.raises(NotAllowedError, match="does not allow"):
        export_archive(member=study.members[0])
    open_round(lead=study.lead, name="Blind", purpose="main", articles=study.articles, members=[study.lead])
    with pytest.raises(NotAllowedError, match="Blind"):
        export_archive(member=study.lead)
    archive = b"".join(export_archive(member=study.lead, operator=True))
    remove_rows(study.project)
    with pytest.raises(InvalidError, match="which of its leads"):
        import_archive(file=io.BytesIO(archive), user=None, lead="somebody")
    assert not Project.objects.exists()

"""Dataset bundles: complete, checked, the same bytes each time, and without the names of people."""

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch
from uuid import UUID, uuid4

import pyarrow.parquet as pq
import pytest
import yaml
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError
from annotator.core.mending import Merge, Offer
from annotator.core.publishing import Publishing
from annotator.core.splits import Shares
from annotator.core.tables import Selection
from annotator.services import dataset_bundles
from annotator.services.dataset_bundles import make_bundle, tables
from annotator.services.decisions import Ruling, decide
from annotator.services.exports import TABLES, export_dataset
from annotator.services.labels import Choice, save_label
from projects.models import Assignment, Membership, Role, User
from projects.queries.publishing import publishing_of
from projects.services.publishing import change_publishing
from projects.services.rounds import open_round, set_closed
from tests import make, mended, moved

pytestmark = pytest.mark.django_db
ARABIC = "خبر عاجل\n\nقال رئيس البلدية إن الجسر سيفتح غدا \U0001f309. ولم يعلق أحد.\n"


def marked(word: str, **said: str) -> dict[str, object]:
    start = make.TEXT.index(word)
    return {"start": start, "end": start + len(word), "quote": word, **said}


SOURCE = {"source": "mayor", "manner": "direct", "stance": "accusing", "spans": [marked("blamed", role="cue")]}
Files = dict[str, bytes]
FIXED = {"articles": "4d7e81c824c3", "consensus": "697632043d30", "long": "5eb3bbd843b8"}
"""The sums of tables whose content is fixed, as taken on SQLite."""


def bundle(member: Membership, **options: object) -> Files:
    whole = b"".join(make_bundle(member=member, **options).chunks)  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def describe(study: make.Study, **asked: object) -> None:
    said = {
        "version": "1.0",
        "licence": "CC-BY-4.0",
        "creators": ["Doe, Jo", "An Institute"],
        "citation": "",
        "limits": 'Small | odd: "yes"',
        "texts": True,
        "events": True,
        "split": Shares(50, 0, 50),
    }
    change_publishing(member=study.lead, **(said | asked))  # type: ignore[arg-type]


@pytest.fixture
def study() -> make.Study:
    """Two annotators, three articles, one of them Arabic; answers of several kinds."""
    made = make.study(annotators=2, texts=(make.TEXT, ARABIC, make.TEXT.replace("ferry", "boat")))
    for who in (0, 1):
        for article in (0, 1):
            first = made.units(article)[0]
            make.label(made.assignment(who, article), first, "stance", "for" if who else "against")
        unit = made.units()[1]
        make.label(made.assignment(who), unit, "attribution", [SOURCE] if who else [])
        make.label(made.assignment(who), unit, "framing", [marked("regime", value="naming_state")])
    make.label(made.assignment(), made.units()[2], "remark", 'two\r\nlines, "quoted" [{"quote": "x"}]')
    return made


def test_the_manifest_tells_size_hash_and_rows_of_every_file(study: make.Study) -> None:
    describe(study)
    files = bundle(study.lead)
    told = json.loads(files.pop("manifest.json"))
    assert {file["path"] for file in told["files"]} == set(files)
    for file in told["files"]:
        data = files[file["path"]]
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        if "rows" in file:
            assert file["rows"] == len(table(data))
    checked = {check["table"]: check for check in told["checked"]}
    assert checked["long"]["counted_apart"] == checked["long"]["rows"] > 100
    last = study.assignment().events.model.objects.order_by("-pk").first()
    assert told["last_event"]["event"] == str(last.uuid)
    assert f"codebook-{told['rounds'][0]['codebook']}" in " ".join(files)
    manual = (Path(__file__).parents[2] / "docs" / "bundles.md").read_text()
    for path in files:
        folder = path.partition("/")[0]
        assert f"`{path}`" in manual or f"`{folder}/`" in manual or path.endswith(".parquet")
    version = study.round.codebook_version
    assert hashlib.sha256(files["codebook/codebook-1.json"]).hexdigest() == version.document_sha256


def test_its_tables_are_those_of_the_exports_and_parquet_holds_the_same_rows(study: make.Study) -> None:
    describe(study)
    files = bundle(study.lead)
    for name in TABLES.keys() & tables.TITLES:
        rows = table(files[f"data/{name}.csv"])
        parts = [row.pop("split") for row in rows]
        alone = b"".join(export_dataset(member=study.lead, format=name, kind="csv").chunks)
        assert rows == table(alone)
        if name == "long":
            assert Counter(parts).keys() == {"train", "test"}
            read = [row for part in ("train", "test") for row in parquet(files[f"data/{part}-00000-of-00001.parquet"])]
            key = ("article", "sentence", "annotator", "variable", "value", "text", "split")
            assert sorted(tuple(str(row[k]) for k in key) for row in read) == sorted(
                tuple(str({**row, "split": part}[k]) for k in key) for row, part in zip(rows, parts, strict=True)
            )
            assert {type(row["updated_at"]) for row in read} == {datetime, type(None)}
    by_article = {row["article"]: row for row in table(files["data/articles.csv"])}
    for row in by_article.values():
        assert hashlib.sha256(row["text"].encode()).hexdigest() == row["sha256"]
        assert int(row["characters"]) == len(row["text"])
    # The first and third article share all sentences but one.
    one, other, third = (by_article[article.external_id]["split"] for article in study.articles)
    assert one == third != other


def parquet(data: bytes) -> list[dict[str, object]]:
    return pq.read_table(io.BytesIO(data)).to_pylist()


def test_frictionless_croissant_and_hugging_face_describe_the_files_that_are_there(study: make.Study) -> None:
    describe(study)
    files = bundle(study.lead)
    package = json.loads(files["datapackage.json"])
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    for resource in package["resources"]:
        header = next(csv.reader(io.StringIO(files[resource["path"]].decode(), newline="")))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert resource["hash"] == f"sha256:{hashlib.sha256(files[resource['path']]).hexdigest()}"
        assert all(field["description"] for field in resource["schema"]["fields"])
    croissant = json.loads(files["croissant.json"])
    assert [file["contentUrl"] for file in croissant["distribution"]] == [r["path"] for r in package["resources"]]
    head, card = files["README.md"].decode().split("---\n", 2)[1:]
    configs = {one["config_name"]: one["data_files"] for one in yaml.safe_load(head)["configs"]}
    rows = {name: sum(len(parquet(files[file["path"]])) for file in some) for name, some in configs.items()}
    assert rows == {r["name"]: n for r in package["resources"] if (n := len(table(files[r["path"]])))}
    assert yaml.safe_load(files["CITATION.cff"])["authors"][0] == {"family-names": "Doe", "given-names": "Jo"}
    for told in ("Attribution: source", "3 articles", "Small | odd", "creativecommons.org/licenses/by/4.0"):
        assert told in card
    page = files["codebook/codebook-1.html"].decode()
    assert 'lang="en" dir="ltr"' in page
    assert "Frame of the article" in page
    assert "http" not in page


def test_no_account_of_a_person_is_in_any_file(study: make.Study) -> None:
    describe(study, creators=[])
    for number, user in enumerate(User.objects.all()):
        User.objects.filter(pk=user.pk).update(
            username=f"canary-{number}", email=f"canary-{number}@example.org", first_name="Canary", last_name="Canary"
        )
    assert User.objects.count() > 2
    assert [name for name, data in bundle(study.lead).items() if b"canary" in data.lower()] == []


def test_without_texts_no_words_of_the_articles_go_out(study: make.Study) -> None:
    describe(study, texts=False)
    files = bundle(study.lead)
    for words in (b"regime", b"blamed", "رئيس".encode(), b"Engineers"):
        assert [name for name, data in files.items() if words in data] == []
    (span, *_) = [row for row in table(files["data/long.csv"]) if row["variable"] == "framing" and row["value"]]
    assert json.loads(span["value"]) == [{"start": 53, "end": 59, "value": "naming_state"}]
    assert any(row["value"].endswith('[{"quote": "x"}]') for row in table(files["data/long.csv"]))


def test_the_same_state_gives_the_same_bytes_whatever_the_database() -> None:
    """Times and uuids are fixed; ids of rows are whatever the database gave."""
    now, clock = datetime(2026, 3, 1, 8, 5, tzinfo=UTC), count()
    with patch("django.utils.timezone.now", lambda: now + timedelta(milliseconds=next(clock))):
        lead = make.project("Fixed")
        make.codebook(lead)
        articles = [make.article(lead, text, name) for text, name in ((make.TEXT, "b"), (ARABIC, "Ä"), (ARABIC, "a_b"))]
        members = [Membership.objects.create(project=lead.project, role=Role.ANNOTATOR, pseudonym=n) for n in "zY"]
        round = open_round(lead=lead, name="Round", purpose="main", articles=articles, members=members)
        shares = {(one.text_version.article.external_id, one.member.pseudonym): one for one in round.assignments.all()}
        for number, (_, share) in enumerate(sorted(shares.items())):
            unit = share.text_version.units.get(index=1)
            save_label(assignment=share, choice=Choice(UUID(int=number), unit.pk, "stance", "for", 0))
    files = bundle(lead)
    assert bundle(lead) == files
    sums = {name: hashlib.sha256(files[f"data/{name}.csv"]).hexdigest()[:12] for name in FIXED}
    assert sums == FIXED


def test_a_bundle_is_refused_where_somebody_labels_meanwhile_or_rows_are_missing(
    study: make.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_codebooks(*_: object) -> list[int]:
        make.label(study.assignment(), study.units()[0], "tone", "1")
        return []

    with monkeypatch.context() as patched:
        patched.setattr(dataset_bundles, "write_codebooks", write_codebooks)
        with pytest.raises(ConflictError, match="Somebody labelled"):
            bundle(study.lead)
    monkeypatch.setitem(tables.CHECKS, "long", tables.Check(lambda rounds: 7, ""))  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="the database counts 7"):
        bundle(study.lead)


def test_the_counts_hold_after_mendings_moves_and_withdrawals() -> None:
    study = make.study(annotators=2, texts=(mended.TEXT, make.TEXT))
    for who in (0, 1):
        for unit in study.units()[:4]:
            make.label(study.assignment(who), unit, "stance", "for")
            make.label(study.assignment(who), unit, "tone", "1")
    make.label(study.assignment(), study.units()[0], "tone", None, base_version=1)
    mended.mend(study, Merge(mended.TEXT.index("Nobody")))
    moved.move(study, moved.later({"stance": {"values.for": None}}))
    mended.mend(study, Offer(mended.unit(study, 3).start, False))
    mended.mend(study, Merge(study.units()[-1].start))
    study.articles[1].deleted_at = timezone.now()
    study.articles[1].save()
    describe(study)
    files = bundle(study.lead)
    checked = {check["table"]: check["counted_apart"] for check in json.loads(files["manifest.json"])["checked"][:1]}
    assert checked == {"long": len(table(files["data/long.csv"]))}


def test_an_article_that_was_only_decided_on_has_its_side_and_its_line(study: make.Study) -> None:
    unit = study.units()[0]
    decide(member=study.lead, ruling=Ruling(uuid4(), study.round, unit, "stance", "for", 0))
    Assignment.objects.filter(text_version=unit.text_version).update(kind=Assignment.Kind.GOLD)
    describe(study)
    files = bundle(study.lead)
    (decision,) = table(files["data/decisions.csv"])
    sides = {row["article"]: row["split"] for row in table(files["data/articles.csv"])}
    assert decision["split"] == sides[decision["article"]]
    assert decision["article"] not in {row["article"] for row in table(files["data/long.csv"])}


def test_only_who_may_export_gets_a_bundle_and_open_blind_rounds_stay_out(study: make.Study) -> None:
    with pytest.raises(NotAllowedError):
        bundle(study.members[0])
    study.members[0].role = Role.VIEWER
    study.members[0].save()
    with pytest.raises(InvalidError, match="no round"):
        bundle(study.members[0])
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert "data/long.csv" in bundle(study.members[0])
    with pytest.raises(InvalidError, match="whole rounds"):
        make_bundle(member=study.lead, selection=Selection(variables=("stance",)))


def test_a_project_remembers_what_was_said_of_its_dataset(study: make.Study) -> None:
    describe(study, licence="  Ask\nus ", split=None)
    study.lead.project.refresh_from_db()
    said = publishing_of(study.lead.project)
    assert said == Publishing("1.0", "Ask us", ("Doe, Jo", "An Institute"), "", 'Small | odd: "yes"', True, True, None)
    files = bundle(study.lead)
    assert "split" not in table(files["data/long.csv"])[0]
    assert yaml.safe_load(files["README.md"].decode().split("---\n", 2)[1])["license_name"] == "Ask us"
    with pytest.raises(InvalidError) as refused:
        describe(study, licence="x" * 400, limits="y" * 20_000)
    assert len(refused.value.problems) == 2

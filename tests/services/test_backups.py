"""The whole site as a file: taken while it is in use, put back into an empty database, and the same as before."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from annotator.models import Event
from annotator.services import uploads
from annotator.services.archives import export_archive
from annotator.services.purging import remove_rows
from annotator.services.rebuild import check_labels
from projects.models import Membership, User
from tests import make
from tests.services.test_guards import raw_delete, refused


def run(command: str, *arguments: str) -> str:
    told = io.StringIO()
    call_command(command, *arguments, stdout=told)
    return told.getvalue()


@pytest.mark.django_db(transaction=True)
def test_what_is_restored_is_what_was_backed_up(tmp_path: Path) -> None:
    study = make.study(annotators=1)
    make.label(study.assignment(), study.units()[0], "remark", "«لم يأتِ» 🌊")
    token = uploads.keep(member=study.lead, name="kept.csv", data=b"kept")
    before, file = b"".join(export_archive(member=study.lead)), tmp_path / "site.zip"
    run("backup", str(file))
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="in use"):
        run("restore", str(file))
    uploads.forget(member=study.lead, token=token)
    remove_rows(study.project)
    User.objects.all().delete()
    assert "restored" in run("restore", str(file))
    lead = Membership.objects.select_related("project", "user").get(role="lead")
    assert b"".join(export_archive(member=lead)) == before
    assert uploads.kept(member=lead, token=token).data == b"kept"
    uploads.forget(member=lead, token=token)
    assert lead.user is not None
    assert lead.user.check_password(make.PASSWORD)
    assert not list(check_labels())
    assert refused(lambda: raw_delete(Event))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"format": "something"}, "no backup that"),
        ({"database": "another"}, "export_project"),
        ({"migrations": [["projects", "9999_later"]]}, "newer version"),
        ({"sha256": {"database": "0"}}, "damaged"),
        ({"sha256": {"database": "0", "../out": "0"}}, "damaged"),
    ],
)
def test_what_is_no_backup_of_this_site_is_refused(about: dict[str, object], told: str, tmp_path: Path) -> None:
    right = {"format": "annotator-backup", "version": 1, "database": connection.vendor, "migrations": []}
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(right | {"sha256": {"database": ""}, "software": ""} | about))
        archive.writestr("database", b"")
    with pytest.raises(CommandError, match=told):
        run("restore", str(tmp_path / "a.zip"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(right))
    packed = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(packed[:43] + b"\xff" * 20 + packed[63:])
    with pytest.raises(CommandError, match="damaged"):
        run("restore", str(tmp_path / "a.zip"))
    (tmp_path / "a.zip").write_bytes(b"PK")
    with pytest.raises(CommandError, match="damaged"):
        run("restore", str(tmp_path / "a.zip"))

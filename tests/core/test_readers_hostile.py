"""The hostile uploads that arrive as one file, at the level of the readers."""

import pytest

from projects import readers
from tests.hostile import Case, cases
from tests.shared import needs_shared

pytestmark = needs_shared

UPLOADS = [case for case in cases("article_upload") if case.filename and case.raw["sent_as"]["body"] == "multipart"]
READ = [
    case for case in UPLOADS if case.ending in readers.ENDINGS and case.raw.get("generate", {}).get("kind") != "stream"
]
NOT_READ = [case for case in UPLOADS if case.ending not in readers.ENDINGS]


def named(chosen: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.id) for case in chosen]


@pytest.mark.parametrize("case", named([case for case in READ if case.outcome == "accept"]))
def test_a_strange_but_sound_file_is_read_to_the_letter(case: Case) -> None:
    documents = readers.read(case.filename, case.content(), encoding=case.encoding)

    case.check_texts([document.text for document in documents])
    case.check_report("; ".join(str(change) for document in documents for change in document.changes))


@pytest.mark.parametrize("case", named([case for case in READ if case.outcome == "reject"]))
def test_a_bad_file_is_refused_with_a_message_that_helps(case: Case) -> None:
    with pytest.raises(readers.ReadError) as refusal:
        readers.read(case.filename, case.content(), encoding=case.encoding)

    case.check_refusal(str(refusal.value))


@pytest.mark.parametrize("case", named([case for case in READ if case.outcome == "either"]))
def test_a_doubtful_file_is_read_exactly_or_refused_helpfully(case: Case) -> None:
    try:
        documents = readers.read(case.filename, case.content(), encoding=case.encoding)
    except readers.ReadError as refusal:
        case.check_refusal(str(refusal))
    else:
        case.check_texts([document.text for document in documents])


@pytest.mark.parametrize("case", named(NOT_READ))
def test_a_format_that_is_not_read_is_refused_by_its_name(case: Case) -> None:
    content = case.content()

    with pytest.raises(readers.ReadError, match=rf"\.{case.ending} are not supported yet.*\.txt, \.csv") as refusal:
        readers.read(case.filename, content if len(content) < 10**7 else content[:100])

    case.check_leaks(str(refusal.value))

"""An answer that can't be told: it ends the question, and is no value for anybody who counts values."""

from dataclasses import replace

import pytest

from annotator.core.codebook import CANNOT_TELL, AnswerError, Json, check_answer
from annotator.core.errors import InvalidError
from annotator.queries.editions import now
from annotator.queries.ratings import CANNOT_BE_TOLD, round_ratings
from annotator.queries.tables.long import long_rows
from annotator.services.label_imports import parse_cell
from annotator.web.asking import margin, words
from projects.models import Assignment
from tests import make

pytestmark = pytest.mark.django_db
UNSAID: Json = [{"source": "mayor", "manner": CANNOT_TELL, "stance": "neutral", "spans": []}]


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=1)


def test_it_ends_a_required_question_and_asks_nothing_that_hangs_on_it(study: make.Study) -> None:
    make.label(study.assignment(), study.units()[0], "attribution", CANNOT_TELL)
    states = {
        row.variable: row.state for row in long_rows([now(study.round)]) if row.sentence == study.units()[0].index
    }
    assert states["attribution"] == "cannot_tell"
    assert states["side"] == "not_asked"  # asked only where somebody is quoted
    assert Assignment.objects.get().units_done == 1


def test_an_export_gives_the_state_and_no_value(study: make.Study) -> None:
    make.label(study.assignment(), study.units()[0], "stance", CANNOT_TELL)
    row = next(
        row
        for row in long_rows([now(study.round)])
        if row.sentence == study.units()[0].index and row.variable == "stance"
    )
    assert (row.state, row.value) == ("cannot_tell", None)


@pytest.mark.parametrize("variable", ["stance", "framing", "attribution"])
def test_figures_count_it_as_missing_and_say_why(study: make.Study, variable: str) -> None:
    make.label(study.assignment(), study.units()[0], variable, CANNOT_TELL)
    ratings = round_ratings(study.round)
    asked = ratings.book.variable(variable)
    rows = ratings.rows(asked, ratings.of_scope(asked))
    assert rows.ratings[0][0] is None
    assert rows.missing[CANNOT_BE_TOLD] == 1


def test_one_part_of_an_attribution_may_be_untold(study: make.Study) -> None:
    saved = make.label(study.assignment(), study.units()[0], "attribution", UNSAID)
    assert saved.value == UNSAID
    assert saved.units_done == 1
    book = round_ratings(study.round).book
    assert words(book.variable("attribution"), UNSAID) == "Mayor, cannot tell, Neutral"
    assert margin(book, "sentence", {"attribution": CANNOT_TELL}).headline == "cannot tell"


def test_a_codebook_may_forbid_it(study: make.Study) -> None:
    forbidding = replace(study.book.variable("stance"), cannot_tell=False)
    with pytest.raises(AnswerError, match="not offered"):
        check_answer(forbidding, CANNOT_TELL, text="", start=0, end=0)


def test_an_import_of_labels_reads_it(study: make.Study) -> None:
    book = round_ratings(study.round).book
    assert parse_cell(book.variable("stance"), '{"cannot_tell": true}') == CANNOT_TELL
    assert parse_cell(book.variable("stance"), "for") == "for"


def test_the_source_of_an_earlier_sentence_is_kept_with_its_place(study: make.Study) -> None:
    first, second = study.units()[0], study.units()[1]
    taken = [{"source": "mayor", "manner": None, "stance": None, "spans": [], "same_as": first.start}]
    assert make.label(study.assignment(), second, "attribution", taken).value == taken
    with pytest.raises(InvalidError, match="earlier sentence"):
        make.label(study.assignment(), first, "attribution", taken)

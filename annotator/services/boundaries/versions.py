"""The next text version of an article: text, units and lineage, inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import asdict

from annotator.core.align import Alignment
from annotator.core.mending import Piece
from annotator.core.sentences import Proof
from annotator.core.text import sha256_text
from annotator.queries.boundaries import Step
from projects.models import TextVersion, Unit, UnitLineage

BATCH = 500


def store_step(
    before: TextVersion, old: Sequence[Unit], text: str, pieces: Sequence[Piece], alignment: Alignment, proof: Proof
) -> Step:
    """Store the version that follows `before`, whose units are `old`."""
    after = TextVersion.objects.create(
        article_id=before.article_id,
        number=before.number + 1,
        text=text,
        sha256=before.sha256 if text == before.text else sha256_text(text),
        splitter=before.splitter,
        splitter_version=before.splitter_version,
        options=before.options,
        changes=before.changes,
        proof=asdict(proof),
    )
    step = Step(before, after, old, Unit.objects.bulk_create(_units(after, pieces), batch_size=BATCH), alignment)
    UnitLineage.objects.bulk_create(
        [UnitLineage(new_unit=step.new[link.new], old_unit=step.old[link.old], kind=link.kind) for link in step.links],
        batch_size=BATCH,
    )
    return step


def _units(version: TextVersion, pieces: Sequence[Piece]) -> list[Unit]:
    units = [Unit(text_version=version, index=0, kind="article", start=0, end=len(version.text))]
    end = 0
    for index, piece in enumerate(pieces, start=1):
        units.append(
            Unit(
                text_version=version,
                index=index,
                kind=piece.kind,
                start=piece.start,
                end=piece.end,
                codable=piece.codable,
                new_line=index == 1 or "\n" in version.text[end : piece.start],
                why=list(piece.why),
            )
        )
        end = piece.end
    return units

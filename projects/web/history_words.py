"""Audit entries in plain words."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

LONGEST = 80
MOST = 6
# What only the site itself reads: ids, and what an undo needs.
SILENT = frozenset({"id", "entry", "newest", "input_sha256", "column_was", "apart", "was"})

ACTS: dict[str, Promise] = {
    "add annotator to round": gettext_lazy("added an annotator to a round"),
    "bring back gold": gettext_lazy("brought gold answers back"),
    "change member": gettext_lazy("changed a member"),
    "change settings": gettext_lazy("changed the settings"),
    "close round": gettext_lazy("closed a round"),
    "create project": gettext_lazy("made the project"),
    "decide what all agree on": gettext_lazy("took over what all agree on"),
    "delete project": gettext_lazy("deleted the project"),
    "describe dataset": gettext_lazy("said what the dataset is published as"),
    "discard codebook draft": gettext_lazy("discarded a draft of the codebook"),
    "drop articles": gettext_lazy("moved articles to the trash"),
    "edit metadata": gettext_lazy("changed what is known of an article"),
    "edit sources": gettext_lazy("changed the sources"),
    "export project archive": gettext_lazy("took the whole project as one file"),
    "import project archive": gettext_lazy("brought the project in from an archive"),
    "explain gold": gettext_lazy("explained a gold answer"),
    "freeze round": gettext_lazy("froze a round"),
    "hold article": gettext_lazy("took back the release of an article"),
    "aim lexicon": gettext_lazy("said what a lexicon proposes"),
    "import lexicon": gettext_lazy("imported a lexicon"),
    "switch lexicon": gettext_lazy("switched a lexicon on or off"),
    "mend boundaries": gettext_lazy("mended boundaries"),
    "undo a mending": gettext_lazy("undid a mending of boundaries"),
    "leave project": gettext_lazy("left the project"),
    "import articles": gettext_lazy("brought articles in"),
    "import codebook": gettext_lazy("imported a codebook"),
    "import labels": gettext_lazy("imported labels"),
    "invite": gettext_lazy("invited somebody"),
    "join": gettext_lazy("joined"),
    "keep copies apart": gettext_lazy("kept copies as articles of their own"),
    "keep report": gettext_lazy("kept a report"),
    "let through training": gettext_lazy("let an annotator through a training"),
    "link copies": gettext_lazy("linked copies"),
    "look for copies": gettext_lazy("looked for copies"),
    "make gold": gettext_lazy("made gold answers"),
    "make password link": gettext_lazy("made a link for a new password"),
    "move round to codebook": gettext_lazy("moved a round to another codebook"),
    "no longer let through training": gettext_lazy("took back that an annotator was let through a training"),
    "open round": gettext_lazy("opened a round"),
    "publish codebook": gettext_lazy("published a codebook"),
    "reassign shares": gettext_lazy("gave shares to somebody else"),
    "release article": gettext_lazy("released an article"),
    "release shares": gettext_lazy("took shares back"),
    "remove member": gettext_lazy("removed a member"),
    "reopen round": gettext_lazy("opened a round again"),
    "restore articles": gettext_lazy("restored articles"),
    "restore labels": gettext_lazy("put an annotator’s labels back"),
    "restore project": gettext_lazy("restored the project"),
    "restore round": gettext_lazy("restored a round"),
    "set a column": gettext_lazy("set a column of articles"),
    "set password by link": gettext_lazy("set a new password by a link"),
    "split again": gettext_lazy("split articles again"),
    "start codebook draft": gettext_lazy("began a draft of the codebook"),
    "take back gold": gettext_lazy("took gold answers back"),
    "take key table": gettext_lazy("took the table of who is behind each pseudonym"),
    "take off the adjudication queue": gettext_lazy("took a sentence off the queue for adjudication"),
    "transfer project": gettext_lazy("handed the project over"),
    "trash round": gettext_lazy("moved a round to the trash"),
    "undo a change of articles": gettext_lazy("undid a change of articles"),
    "undo a change of members": gettext_lazy("undid a change of members"),
    "undo move of round": gettext_lazy("undid the move of a round"),
    "undo restore of labels": gettext_lazy("undid that labels were put back"),
    "undo shares": gettext_lazy("undid a change of shares"),
    "undo what all agreed on": gettext_lazy("took back what was taken over at once"),
    "unlink copies": gettext_lazy("unlinked copies"),
    "withdraw invitation": gettext_lazy("withdrew an invitation"),
}


def act_words(act: str) -> str:
    """An act that has no words here is told by its name."""
    return str(ACTS.get(act, act))


def detail_words(detail: Mapping[str, object]) -> list[str]:
    """What an entry says besides, a few short pieces; long lists as their number."""
    pieces = [*_changes(detail.get("before"), detail.get("after"))]
    for name, value in detail.items():
        if name not in SILENT | {"before", "after"} and value not in (None, "", [], {}):
            pieces.append(f"{name.replace('_', ' ')}: {_short(value)}")
    more = len(pieces) - MOST
    told = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
    return [*pieces[:MOST], *([told] if more > 0 else [])]


def _changes(before: object, after: object) -> Iterator[str]:
    """What was otherwise before: by field, or of many articles their number."""
    if not isinstance(after, dict):
        return
    old = before if isinstance(before, dict) else {}
    if all(name.isdigit() for name in after):
        yield ngettext("%(n)s article", "%(n)s articles", len(after)) % {"n": len(after)}
        return
    for name, value in after.items():
        yield _("%(field)s: %(old)s → %(new)s") % {
            "field": name.replace("_", " "),
            "old": _short(old.get(name)),
            "new": _short(value),
        }


def _short(value: object) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, list | dict):
        named = isinstance(value, list) and len(value) < 4 and all(isinstance(item, str) for item in value)
        return ", ".join(map(_short, value)) if named else str(len(value))
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

"""What who leads should do next, in order, and in words why somebody needs help."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotator.core.needing_help import Reason
from annotator.formats.reports import short
from annotator.queries.dashboard import Overview, RoundState
from projects.models import Membership
from projects.permissions import can


@dataclass(frozen=True)
class Step:
    """One line of the list; `act` is the word on its button."""

    title: str
    why: str
    act: str
    url: str


def next_steps(member: Membership, found: Overview) -> list[Step]:
    """The most urgent first; only what the member's role lets him do."""
    slug = member.project.slug
    steps = [*_late(slug, found), *_asked(slug, found)] if can(member, "answer notes") else []
    if can(member, "manage members"):
        steps += _people(slug, found)
    if can(member, "adjudicate"):
        steps += _queue(slug, found)
    if can(member, "manage articles"):
        steps += _articles(slug, found)
    steps += _weak(slug, found)
    if can(member, "manage rounds"):
        steps += _rounds(slug, found)
    return steps


def _late(slug: str, found: Overview) -> Iterator[Step]:
    for state in found.rounds:
        due = state.round.due_on
        if state.is_late and due is not None:
            left = state.progress.total - state.progress.done
            yield Step(
                title=_("%(name)s is past its day") % {"name": state.round.name},
                why=ngettext(
                    "One sentence is left; it was due on %(day)s.", "%(n)s sentences are left; due on %(day)s.", left
                )
                % {"n": f"{left:,}", "day": date_format(due, "j M Y")},
                act=_("See who is behind"),
                url=f"{reverse('overview', args=[slug])}?round={state.round.pk}#people",
            )


def _asked(slug: str, found: Overview) -> Iterator[Step]:
    waiting, notes = found.waiting, reverse("notes", args=[slug])
    if waiting.to_decide:
        yield Step(
            title=ngettext("Decide one note", "Decide %(n)s notes", waiting.to_decide) % {"n": waiting.to_decide},
            why=_("Somebody asked for a rule: answer, and make the answer an edge rule of the codebook."),
            act=_("Decide"),
            url=f"{notes}?decide=1",
        )
    if waiting.notes > waiting.to_decide:
        yield Step(
            title=ngettext("Answer one note", "Answer %(n)s notes", waiting.notes) % {"n": waiting.notes},
            why=_("Annotators asked, and go on without knowing."),
            act=_("Read the notes"),
            url=notes,
        )


def _people(slug: str, found: Overview) -> Iterator[Step]:
    if found.waiting.invitations:
        number = found.waiting.invitations
        yield Step(
            title=ngettext("One invitation waits", "%(n)s invitations wait", number) % {"n": number},
            why=_("Nobody has used the link yet. Send it again, or withdraw it."),
            act=_("See the invitations"),
            url=reverse("members", args=[slug]),
        )


def _queue(slug: str, found: Overview) -> Iterator[Step]:
    if found.waiting.queued:
        number = found.waiting.queued
        yield Step(
            title=ngettext("Settle one disagreement", "Settle %(n)s disagreements", number) % {"n": number},
            why=_("They were put up for adjudication."),
            act=_("Adjudicate"),
            url=reverse("adjudication", args=[slug]),
        )


def _articles(slug: str, found: Overview) -> Iterator[Step]:
    if found.waiting.reviews:
        number = found.waiting.reviews
        yield Step(
            title=ngettext("Look at one article", "Look at %(n)s articles", number) % {"n": number},
            why=_(
                "Their text was put together from a layout: no round draws them before you have seen the boundaries."
            ),
            act=_("Review"),
            url=reverse("articles", args=[slug]),
        )


def _weak(slug: str, found: Overview) -> Iterator[Step]:
    """The question of the round looked at whose alpha is lowest, as long as it isn't reliable."""
    focus = found.focus
    weakest = focus.alpha.weakest if focus and focus.alpha else None
    if focus is None or weakest is None or weakest.verdict == "reliable" or weakest.value is None:
        return
    interval = f", {short(weakest.low)} – {short(weakest.high)}" if weakest.low is not None and weakest.high else ""
    asked = urlencode({"round": focus.round.pk, "variable": weakest.key})
    yield Step(
        title=_("Look into “%(question)s”") % {"question": weakest.label},
        why=_("Its alpha is the lowest: %(alpha)s%(interval)s.")
        % {"alpha": short(weakest.value), "interval": interval},
        act=_("See where"),
        url=f"{reverse('agreement', args=[slug])}?{asked}#detail",
    )


def _rounds(slug: str, found: Overview) -> Iterator[Step]:
    done: RoundState | None = next((s for s in found.rounds if s.is_open and s.progress.finished), None)
    if done is not None:
        yield Step(
            title=_("Close %(name)s") % {"name": done.round.name},
            why=_("Every sentence of it is labelled."),
            act=_("To the round"),
            url=reverse("round", args=[slug, done.round.pk]),
        )
    elif found.set_up.complete and not any(state.is_open for state in found.rounds):
        yield Step(
            title=_("Open the next round"),
            why=_("All rounds are closed; nobody has anything to label."),
            act=_("New round"),
            url=reverse("new_round", args=[slug]),
        )


def reason_words(reason: Reason) -> str:
    own, usual = reason.own, reason.usual
    words = {
        "not begun": _("has not begun, %(own).0f days after the work was given"),
        "stopped": _("nothing for %(own).0f days"),
        "falling": _("%(own).0f sentences this week, %(usual).0f the week before"),
        "slow": _("%(own).0f s a sentence, usual are %(usual).0f"),
        "gold": _("at most %(own_percent).0f %% of the gold answers met"),
        "apart": _("agrees with others on %(own_percent).0f %% of answers, usual are %(usual_percent).0f %%"),
        "unsure": _("%(own).0f sentences flagged as unsure, usual are %(usual).0f"),
    }
    figures = {"own": own, "usual": usual, "own_percent": 100 * own, "usual_percent": 100 * usual}
    return words[reason.kind] % figures

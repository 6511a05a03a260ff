"""Every named address of the site: who may use it by which method, and what of others it serves.

A route that is added needs a line here: the access matrix and the tests of blindness are made from these lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import URLResolver, get_resolver

LEAD, ADJUDICATOR, ANNOTATOR, VIEWER = "lead", "adjudicator", "annotator", "viewer"
STRANGER, LEFT, ADMIN, ANONYMOUS = "stranger", "left", "admin", "anonymous"
"""A member of another project, a member who left, a site admin who is no member, nobody."""

LEADS = frozenset({LEAD})
SETTLERS = frozenset({LEAD, ADJUDICATOR})
READERS = frozenset({LEAD, ADJUDICATOR, VIEWER})
WORKERS = frozenset({LEAD, ADJUDICATOR, ANNOTATOR})
EXPORTERS = frozenset({LEAD, VIEWER})
MEMBERS = frozenset({LEAD, ADJUDICATOR, ANNOTATOR, VIEWER})
USERS = MEMBERS | {STRANGER, LEFT, ADMIN}
EVERYBODY = USERS | {ANONYMOUS}
NOBODY: frozenset[str] = frozenset()

LABELS, NOTES, AGREEMENT, PROGRESS, NAMES = "labels", "notes", "agreement", "progress", "names"
"""What of others a route may serve: never to those who annotate in an open blind round, but progress and names."""


@dataclass(frozen=True)
class Route:
    """Who may look, who may act, and what of others the answers may hold.

    `got` and `done` are the answers to an allowed GET and POST, `refused` to one that the role doesn't allow, `missing`
    where what the address names isn't there; `but` has the answers to single callers that differ, by method and caller.
    `query`: what the address has to say besides. `changes`: of the other methods who may, and the answer to that.
    """

    reads: frozenset[str] = NOBODY
    writes: frozenset[str] = NOBODY
    serves: tuple[str, ...] = ()
    got: int = 200
    done: int = 302
    refused: int = 403
    missing: int = 404
    query: str = ""
    but: Mapping[tuple[str, str], int] = field(default_factory=dict)
    changes: Mapping[str, tuple[frozenset[str], int]] = field(default_factory=dict)


def _form(who: frozenset[str], *serves: str, done: int = 302) -> Route:
    """A page with a form on it."""
    return Route(who, who, serves, done=done)


def _act(who: frozenset[str], *serves: str, done: int = 302, refused: int = 403) -> Route:
    """Nothing to look at."""
    return Route(NOBODY, who, serves, done=done, refused=refused)


# They see the job, but didn't start it.
_CANCELLING = {("DELETE", ADJUDICATOR): 403, ("DELETE", VIEWER): 403}

ROUTES: dict[str, Route] = {
    "healthz": Route(EVERYBODY),
    "home": _form(USERS),
    # Sent no archive.
    "import_project": _form(USERS, done=400),
    "login": Route(EVERYBODY, EVERYBODY, got=302, but=dict.fromkeys([("GET", ANONYMOUS), ("POST", ANONYMOUS)], 200)),
    "logout": _act(USERS),
    "account": _form(USERS, done=200),
    "notices": _form(USERS),
    "follow_notice": Route(writes=USERS, done=302, but={("POST", who): 404 for who in (STRANGER, LEFT, ADMIN)}),
    "revoke_token": _act(USERS),
    # Nobody has done the first step.
    "second_step": Route(EVERYBODY, EVERYBODY, got=302),
    "forgotten": Route(EVERYBODY, EVERYBODY, done=200),
    "reset": Route(EVERYBODY, EVERYBODY, done=400),
    # The form sends the lead's name, which others may not take, and wrong passwords and codes.
    "profile": Route(writes=USERS, done=400, but={("POST", LEAD): 302}),
    "change_password": _act(USERS, done=400),
    "second_factor": _form(USERS, done=400),
    **dict.fromkeys(("begin_second_factor", "recovery_codes", "second_factor_off"), _act(USERS, done=400)),
    # Members are in already; a newcomer has to give a name and a password.
    "join": Route(EVERYBODY, EVERYBODY, but={("POST", who): 400 for who in (*MEMBERS, ANONYMOUS)}),
    "overview": Route(MEMBERS, serves=(PROGRESS, NAMES, NOTES, AGREEMENT)),
    "agreement_so_far": Route(READERS, serves=(AGREEMENT,)),
    # Articles
    "articles": Route(READERS, serves=(PROGRESS,)),
    "change_articles": _act(LEADS),
    "undo_change": _act(LEADS),
    "duplicates": Route(READERS),
    "look_for_copies": _act(LEADS),
    "decide_copies": _act(LEADS),
    "article": Route(READERS),
    "article_metadata": _form(LEADS),
    "release_article": _act(LEADS),
    "article_import": _form(LEADS),
    "boundaries": _form(LEADS, PROGRESS, done=200),
    "apply_boundaries": Route(LEADS, LEADS, got=302),
    # Nothing was mended.
    "undo_boundaries": _act(LEADS, done=400),
    # Settings
    "settings": _form(LEADS, done=200),
    "split_again": _form(LEADS),
    "kinds": _form(LEADS, done=200),
    # Nobody may be told: no host is allowed.
    "webhooks": _form(LEADS, done=400),
    "change_webhook": _act(LEADS),
    "lexicons": _form(LEADS),
    "lexicon": _form(LEADS),
    "switch_lexicon": _act(LEADS),
    # Codebook
    "codebook": Route(MEMBERS),
    "codebook_document": Route(MEMBERS),
    "codebook_changes": Route(MEMBERS),
    "publish_codebook": Route(writes=LEADS, missing=302),
    "codebook_import": _form(LEADS, done=400),
    "codebook_ready": _act(LEADS),
    "codebook_start": _act(LEADS),
    "codebook_edit": _form(LEADS),
    "codebook_discard": _act(LEADS),
    # A draft of the codebook is open.
    "sources": _form(LEADS, done=409),
    # Rounds and people
    "rounds": Route(READERS, serves=(PROGRESS, NAMES)),
    "new_round": _form(LEADS, PROGRESS, NAMES),
    "round": Route(READERS, serves=(PROGRESS, NAMES)),
    "member_shares": Route(LEADS, serves=(PROGRESS, NAMES)),
    "move_shares": _act(LEADS, PROGRESS, NAMES),
    "freeze_round": _act(LEADS),
    "close_round": _act(LEADS),
    "round_codebook": Route(LEADS),
    "move_round": _act(LEADS),
    "undo_move": _act(LEADS),
    "members": _form(LEADS, NAMES, done=200),
    "withdraw_invitation": _act(LEADS),
    "access_log": Route(LEADS, serves=(PROGRESS, NAMES)),
    # The past
    "history": Route(LEADS, serves=(PROGRESS, NAMES)),
    "article_labels": Route(READERS, serves=(LABELS, NAMES)),
    "own_labels": Route(WORKERS),
    "share_labels": Route(MEMBERS, serves=(LABELS, NAMES)),
    "label_history": Route(MEMBERS, serves=(LABELS, NAMES)),
    "restore_labels": _form(LEADS, LABELS, NAMES),
    "undo_restore": _act(LEADS, LABELS),
    "gold": _form(LEADS, LABELS, PROGRESS),
    "gold_article": _form(LEADS, LABELS, NAMES),
    "round_gold": Route(LEADS, serves=(PROGRESS, NAMES)),
    "trained": _form(LEADS, PROGRESS, NAMES),
    # Trash
    "trash": Route(LEADS, serves=(PROGRESS, NAMES)),
    "trash_round": _act(LEADS),
    "restore_round": _act(LEADS),
    "restore_article": _act(LEADS),
    "delete_project": _form(LEADS, done=400),
    "restore_project": _act(LEADS, refused=404),
    "member": _form(LEADS, NAMES),
    "remove_member": _act(LEADS),
    "undo_member_change": _act(LEADS),
    "invite_holder": _act(LEADS, NAMES, done=200),
    "password_link": _act(LEADS, NAMES, done=200),
    "transfer_project": _act(LEADS),
    # The only lead stays.
    "leave_project": Route(MEMBERS, MEMBERS, but={("POST", LEAD): 409}),
    # Annotating
    # The adjudicator has no part in it.
    "training": Route(WORKERS, WORKERS, done=200, but={("GET", ADJUDICATOR): 404, ("POST", ADJUDICATOR): 404}),
    "code": Route(WORKERS, got=302),
    "coding": Route(WORKERS, refused=404),
    "save_label": _act(WORKERS, done=200, refused=404),
    "leave_note": _act(WORKERS, done=200, refused=404),
    "log_hints": _act(WORKERS, done=204, refused=404),
    "notes": Route(WORKERS, serves=(NOTES, NAMES)),
    "answer_note": _act(WORKERS, NOTES, refused=403),
    # Agreement
    "calculator": _form(USERS, done=200),
    "calculator_project": _act(USERS),
    "agreement": Route(READERS, serves=(AGREEMENT, LABELS, NAMES)),
    "agreement_part": Route(READERS, serves=(AGREEMENT, NAMES)),
    "agreement_breakdown": Route(READERS, serves=(AGREEMENT, NAMES), query="variable=stance"),
    "agreement_sentences": Route(READERS, serves=(AGREEMENT, LABELS), query="variable=stance"),
    "agreement_next": Route(READERS, serves=(AGREEMENT,), query="variable=stance"),
    "agreement_download": Route(READERS, serves=(AGREEMENT, LABELS, NAMES)),
    "compute_report": _act(READERS, AGREEMENT),
    "start_merge": _act(LEADS, AGREEMENT),
    "act_on_sentence": _act(SETTLERS, LABELS),
    "snapshots": Route(READERS, LEADS, (NAMES,)),
    "snapshot": Route(READERS, serves=(AGREEMENT, NAMES)),
    "snapshot_download": Route(READERS, serves=(AGREEMENT, LABELS, NAMES)),
    "adjudication": Route(SETTLERS, serves=(LABELS,)),
    "leave_queue": _act(SETTLERS),
    "decide_case": _act(SETTLERS, LABELS),
    "undo_decision": _act(SETTLERS, LABELS),
    "adjudicated": Route(SETTLERS, serves=(AGREEMENT, NAMES)),
    "accept_agreed": _act(SETTLERS, LABELS),
    "undo_agreed": _act(SETTLERS, LABELS),
    # Datasets
    "export": Route(EXPORTERS, serves=(LABELS, PROGRESS, NAMES)),
    "export_download": Route(EXPORTERS, serves=(LABELS, NAMES)),
    "start_export": _act(EXPORTERS),
    # The job of the scene is no export.
    "job_file": Route(EXPORTERS, serves=(LABELS, NAMES), got=404),
    "bundle": _form(EXPORTERS, PROGRESS, NAMES),
    "key_table": _act(LEADS, NAMES, done=200),
    # The lead annotates in the open blind round.
    "export_archive": Route(LEADS, serves=(LABELS, NOTES, NAMES), got=403),
    "hint_log": Route(EXPORTERS, serves=(LABELS, NAMES)),
    "label_import": _form(LEADS, done=400),
    "elsewhere_import": _form(LEADS, done=200),
    "jobs": Route(READERS, serves=(PROGRESS,)),
    "job": Route(READERS, serves=(PROGRESS,), refused=404),
    "cancel_job": Route(writes=LEADS, done=302, but={("POST", ANNOTATOR): 404}),
    # API
    "reference": Route(USERS),
    "api_schema": Route(USERS),
    "api_projects": _form(USERS, done=201),
    "api_project": Route(MEMBERS, changes={"PATCH": (LEADS, 200)}),
    "api_members": Route(LEADS, serves=(NAMES,)),
    "api_member": Route(LEADS, serves=(NAMES,), changes={"PATCH": (LEADS, 200), "DELETE": (LEADS, 204)}),
    "api_invitations": _act(LEADS, done=201),
    "api_project_articles": Route(MEMBERS, LEADS, done=201),
    "api_articles": Route(USERS),
    "api_article": Route(MEMBERS, changes={"PATCH": (LEADS, 200), "DELETE": (LEADS, 400)}),
    # It is not in the trash.
    "api_restore_article": _act(LEADS, done=400),
    "api_codebooks": Route(MEMBERS, LEADS, done=201),
    # Published, and sent nothing.
    "api_codebook": Route(MEMBERS, changes={"PUT": (LEADS, 400), "DELETE": (LEADS, 404)}),
    "api_publish_codebook": _act(LEADS, done=200),
    "api_rounds": Route(READERS, LEADS, done=201),
    "api_round": Route(READERS, changes={"PATCH": (LEADS, 400), "DELETE": (LEADS, 204)}),
    "api_agreement": Route(READERS, READERS, (AGREEMENT,), done=202),
    "api_assignments": Route(USERS, serves=(PROGRESS, NAMES)),
    "api_dataset": Route(EXPORTERS, serves=(LABELS, NAMES)),
    "api_exports": _act(EXPORTERS, done=202),
    # It is no export.
    "api_job_file": Route(EXPORTERS, serves=(LABELS, NAMES), got=404, refused=404, but={("GET", ADJUDICATOR): 403}),
    "api_decisions": Route(USERS, SETTLERS, (LABELS,), done=200),
    "api_notes": Route(WORKERS, WORKERS, (NOTES, NAMES), done=201),
    "api_note": Route(WORKERS, serves=(NOTES, NAMES), changes={"PATCH": (WORKERS, 200)}),
    "api_answer_note": _act(WORKERS, NOTES, NAMES, done=201),
    "api_jobs": Route(MEMBERS, serves=(PROGRESS,)),
    "api_job": Route(READERS, serves=(PROGRESS,), refused=404, but=_CANCELLING, changes={"DELETE": (LEADS, 204)}),
    "api_units": Route(MEMBERS, refused=404),
    "api_labels": Route(USERS, WORKERS, (LABELS, NAMES), done=200, refused=404),
    # Each choice is refused by itself.
    "api_labels_bulk": Route(
        writes=USERS, done=200, but={("POST", who): 207 for who in (VIEWER, STRANGER, LEFT, ADMIN)}
    ),
}


def named_routes() -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Name, address as the URLconf writes it, and the converters of its places."""
    yield from _named(get_resolver(), "/")


def _named(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _named(pattern, path)
        else:
            # What has no name answers that there is nothing.
            if pattern.lookup_str != "annotator.api.unknown.Unknown":
                yield pattern.name or path, path, pattern.pattern.converters

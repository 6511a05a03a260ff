from .access import AccessEntry
from .codebook_moves import CodebookMove
from .decisions import Decision, DecisionEvent, QueuedUnit
from .events import Event
from .gold import GoldAnswer, GoldScore, TrainingResult
from .hints import HintEvent
from .jobs import Job
from .kept_reports import KeptReport
from .labels import Label
from .mendings import Mending
from .notes import Note
from .notices import MailWish, Notice
from .restores import LabelRestore
from .snapshots import Snapshot
from .tallies import Tally
from .webhooks import Delivery, Webhook

__all__ = [
    "AccessEntry",
    "CodebookMove",
    "Decision",
    "DecisionEvent",
    "Delivery",
    "Event",
    "GoldAnswer",
    "GoldScore",
    "HintEvent",
    "Job",
    "KeptReport",
    "Label",
    "LabelRestore",
    "MailWish",
    "Mending",
    "Note",
    "Notice",
    "QueuedUnit",
    "Snapshot",
    "Tally",
    "TrainingResult",
    "Webhook",
]

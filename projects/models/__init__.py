from .articles import Article, CopyPair, ItemText, TextVersion, Unit, UnitLineage
from .audit import AuditEntry
from .codebooks import CodebookVersion, Lexicon
from .members import Invitation, Membership, Project, Role
from .requests import AnsweredRequest
from .rounds import Assignment, Round
from .users import Token, User, hash_key

__all__ = [
    "AnsweredRequest",
    "Article",
    "Assignment",
    "AuditEntry",
    "CodebookVersion",
    "CopyPair",
    "Invitation",
    "ItemText",
    "Lexicon",
    "Membership",
    "Project",
    "Role",
    "Round",
    "TextVersion",
    "Token",
    "Unit",
    "UnitLineage",
    "User",
    "hash_key",
]

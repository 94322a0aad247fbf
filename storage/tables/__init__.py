"""All tables in one place, so that metadata is complete whoever imports it."""

from storage.tables.alerts import Alert
from storage.tables.areas import Area, AreaSuccessor
from storage.tables.assignments import Absence, Assignment, Cadence, Regulation
from storage.tables.audit import AuditEntry
from storage.tables.cases import Case, CaseEvent, Opinion
from storage.tables.clock import Lease, Occurrence, Snooze
from storage.tables.credentials import Credential
from storage.tables.directives import Directive, DirectiveTarget
from storage.tables.indicators import (
    Criterion,
    Indicator,
    IndicatorValue,
    ReviewComment,
    Score,
    Target,
    WorkItem,
)
from storage.tables.messages import Account, Attachment, Delivery, Draft, Inbox, Outbox
from storage.tables.metadata import metadata
from storage.tables.papers import Paper, PaperComment
from storage.tables.people import Invite, LinkTry, Person, Role
from storage.tables.reports import Report, ReportEvent
from storage.tables.restricted import Restricted, RestrictedReceiver
from storage.tables.search import SearchText
from storage.tables.settings import Counter, DayOff, FieldOfWork, Setting
from storage.tables.signals import Signal
from storage.tables.talks import Exchange, ExchangeMessage, Invitation, Meeting
from storage.tables.visits import Commitment, Companion, Support, Visit, VisitVersion
from storage.tables.ways import BotMonth, Preference

__all__ = [
    "Absence",
    "Account",
    "Alert",
    "Area",
    "AreaSuccessor",
    "Assignment",
    "Attachment",
    "AuditEntry",
    "BotMonth",
    "Cadence",
    "Case",
    "CaseEvent",
    "Commitment",
    "Companion",
    "Counter",
    "Credential",
    "Criterion",
    "DayOff",
    "Delivery",
    "Directive",
    "DirectiveTarget",
    "Draft",
    "Exchange",
    "ExchangeMessage",
    "FieldOfWork",
    "Inbox",
    "Indicator",
    "IndicatorValue",
    "Invitation",
    "Invite",
    "Lease",
    "LinkTry",
    "Meeting",
    "Occurrence",
    "Opinion",
    "Outbox",
    "Paper",
    "PaperComment",
    "Person",
    "Preference",
    "Regulation",
    "Report",
    "ReportEvent",
    "Restricted",
    "RestrictedReceiver",
    "ReviewComment",
    "Role",
    "Score",
    "SearchText",
    "Setting",
    "Signal",
    "Snooze",
    "Support",
    "Target",
    "Visit",
    "VisitVersion",
    "WorkItem",
    "metadata",
]

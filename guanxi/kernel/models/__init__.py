"""The tables underneath everything: companies, the record base, extra fields, jobs, outbox, search documents."""

from guanxi.kernel.models.base import Company, IdField, Record, RecordManager, RecordQuerySet, TagsField
from guanxi.kernel.models.plumbing import (
    Counter,
    ExtraField,
    IdempotencyKey,
    ImportedRow,
    Job,
    OutboxEvent,
    Schedule,
    SearchDoc,
)

__all__ = [
    "Company",
    "Counter",
    "ExtraField",
    "IdField",
    "IdempotencyKey",
    "ImportedRow",
    "Job",
    "OutboxEvent",
    "Record",
    "RecordManager",
    "RecordQuerySet",
    "Schedule",
    "SearchDoc",
    "TagsField",
]

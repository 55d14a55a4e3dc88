"""How regulations, articles, clauses, their versions and duties show up in lists, pages, filters and the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org import presets
from guanxi.org.holdings import history
from guanxi.rulebook.models import (
    Article,
    ArticleRevision,
    Assessment,
    Clause,
    ClauseVersion,
    Duty,
    Goal,
    ProcessStep,
    Regulation,
)
from guanxi.rulebook.queries.owed import OVERDUE, OWED
from guanxi.rulebook.services import articles, assessments, clauses, duties

DUTY_STATES = {"open": "blue", "met": "green", "late": "amber", "missed": "red", "waived": "gray", "void": "gray"}
VERSION_STATES = {"draft": "gray", "asked": "amber", "published": "green", "withdrawn": "gray"}
REVISION_STATES = {"asked": "amber", "agreed": "blue", "published": "green", "refused": "gray"}
MINE = {"f": "owner", "op": "is", "v": "@me"}
CLOSED = {"f": "state", "op": "is", "v": "closed"}
HEADS = ("store-manager", "supervisor")
EVERYWHERE = ("operations-specialist", "relations-specialist", "business-department", "marketing", "supervision")
WRITERS = ("relations-specialist", "business-department")
history("rulebook.dutystep", "to")

register(
    Entity(
        model=Regulation,
        title=_("Regulations"),
        slug="regulations",
        icon="book",
        name_field="title",
        columns=("title", "effective_on", "interpreter", "scope"),
        headline=("effective_on", "interpreter"),
        sections=(
            Section(_("Regulation"), ("title", "code", "purpose", "scope", "effective_on", "interpreter", "source")),
        ),
        overrides={"source": {"label": _("source text")}},
        search={"names": ("title",), "codes": ("code",)},
        import_key=("code",),
        scoped=False,
        custom=False,
        relations=(Relation("articles", "rulebook.article", "regulation", _("Articles")),),
    )
)
register(
    Entity(
        model=Article,
        title=_("Articles"),
        slug="articles",
        icon="file-text",
        name_field="title",
        columns=("number", "title", "chapter", "regulation", "carried_out_by", "supervised_by"),
        sections=(
            Section(_("Article"), ("regulation", "chapter", "number", "title", "text", "position")),
            Section(_("Execution and supervision"), ("carried_out_by", "supervised_by")),
        ),
        sort="position",
        search={"names": ("title", "text")},
        import_key=("regulation", "number"),
        scope_via="regulation",
        custom=False,
        clean=articles.check_words,
        relations=(
            Relation("clauses", "rulebook.clause", "article", _("Clauses")),
            Relation("revisions", "rulebook.articlerevision", "article", _("Revisions")),
        ),
    )
)
register(
    Entity(
        model=ArticleRevision,
        title=_("Revisions of articles"),
        slug="article-revisions",
        icon="versions",
        name_field="note",
        columns=("article", "number", "effective_on", "state", "note", "published_by"),
        sections=(
            Section(
                _("Revision"), ("article", "number", "effective_on", "state", "note", "published_by", "title", "text")
            ),
        ),
        sort="-effective_on",
        overrides={"state": {"tones": REVISION_STATES}},
        hidden=("old_title", "old_text"),
        scope_via="article",
        importable=False,
        creatable=False,
        custom=False,
    )
)
register(
    Entity(
        model=Clause,
        title=_("Clauses"),
        slug="clauses",
        icon="gavel",
        name_field="title",
        columns=("title", "code", "kind", "article", "is_active", "waits_for"),
        sections=(Section(_("Clause"), ("title", "code", "article", "basis", "is_active")),),
        sort="code",
        search={"names": ("title",), "codes": ("code",)},
        scoped=False,
        importable=False,
        creatable=False,
        custom=False,
        guard=clauses.guard_clause,
        relations=(
            Relation("versions", "rulebook.clauseversion", "clause", pgettext_lazy("clause", "Versions")),
            Relation("duties", "rulebook.duty", "clause", pgettext_lazy("owed", "Duties")),
            Relation("assessments", "rulebook.assessment", "clause", _("Assessments")),
        ),
        views=(
            View(
                "active",
                _("In force"),
                {"all": [{"f": "is_active", "op": "is", "v": True}, {"f": "waits_for", "op": "empty"}]},
                icon="check",
            ),
            View("dormant", _("Waiting"), {"f": "waits_for", "op": "not_empty"}, icon="clock"),
            View("all", _("All")),
        ),
    )
)
register(
    Entity(
        model=ClauseVersion,
        title=_("Clause versions"),
        slug="clause-versions",
        icon="versions",
        name_field="note",
        columns=("clause", "number", "effective_on", "state", "note", "published_by"),
        sections=(Section(pgettext_lazy("clause", "Version"), ("clause", "effective_on", "note")),),
        overrides={"state": {"tones": VERSION_STATES}},
        hidden=("spec", "shipped", "trial"),
        scope_via="clause",
        importable=False,
        creatable=False,
        custom=False,
        setting=True,
        guard=clauses.guard_version,
    )
)
register(
    Entity(
        model=Duty,
        title=pgettext_lazy("owed", "Duties"),
        slug="duties",
        icon="gavel",
        name_field="title",
        columns=("clause", "title", "account", "due_at", "state", "owner", "department", "level"),
        sections=(Section(pgettext_lazy("owed", "Duty"), ("clause", "title", "account", "opened_at", "due_at", "state", "met_on", "note")),),
        sort="-due_at",
        sorts=("due_at", "state"),
        overrides={"state": {"tones": DUTY_STATES}, "owner": {"label": _("Owed by"), "editable": False}, "due_at": {"style": "due"},
                   "clause": {"editable": False}, "account": {"editable": False}, "department": {"editable": False}},
        hidden=("figures", "subject_label", "subject_id", "turn", "evidence_label", "evidence_id", "opened_on",
                "overdue_at", "overdue_on", "met_at", "clause_version"),
        creatable=False,
        importable=False,
        custom=False,
        guard=duties.by_the_engine_only,
        finished={"not": OWED},
        views=(
            View("mine", _("My duties"), {"all": [MINE, OWED]}, sort="due_at", icon="user"),
            View("overdue", _("Overdue"), OVERDUE, sort="due_at", icon="alert-triangle"),
            View("people", _("Open, of all"), OWED, sort="due_at", icon="users"),
            View("missed", _("Missed"), {"f": "state", "op": "is", "v": "missed"}, icon="circle-x"),
            View("all", _("All")),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=Assessment,
        title=_("Assessments"),
        slug="assessments",
        icon="clipboard-list",
        name_field="finding",
        columns=("finding", "clause", "department", "owner", "due_on", "state", "result"),
        sections=(
            Section(_("Finding"), ("finding", "clause", "found_on")),
            Section(_("Measure"), ("measure", "owner", "department", "due_on")),
            Section(_("Result"), ("state", "closed_on", "result"), ("state", ("closed",))),
        ),
        sort="-found_on",
        sorts=("due_on",),
        overrides={
            "state": {"tones": {"open": "amber", "closed": "green"}},
            "due_on": {"style": "due"},
            "owner": {"label": _("to correct it")},
        },
        importable=False,
        custom=False,
        guard=assessments.guard_assessment,
        finished=CLOSED,
        views=(
            View("open", pgettext_lazy("assessments", "Open"), {"not": CLOSED}, sort="due_on", icon="clipboard-list"),
            View("mine", _("Mine"), {"all": [MINE, {"not": CLOSED}]}, sort="due_on", icon="user"),
            View("all", _("All")),
        ),
    )
)
register(
    Entity(
        model=Goal,
        title=_("Annual goals"),
        slug="goals",
        icon="target",
        name_field="indicator",
        columns=("year", "indicator", "regulation", "at_least", "department"),
        sections=(
            Section(_("Goal"), ("year", "indicator", "regulation", "at_least", "department")),
            Section(_("Implementation plan"), ("plan",)),
        ),
        overrides={"year": {"style": "year"}},
        sort="-year",
        scoped=False,
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=ProcessStep,
        title=_("Process steps"),
        slug="process-steps",
        icon="route",
        name_field="title",
        columns=("process", "title", "role", "standard", "clause_code"),
        sections=(Section(_("Process step"), ("process", "title", "role", "standard", "clause_code", "position")),),
        sort="position",
        hidden=("about", "states"),
        scoped=False,
        importable=False,
        creatable=False,
        custom=False,
        setting=True,
    )
)
add_relation("customers.account", Relation("duties", "rulebook.duty", "account", pgettext_lazy("owed", "Duties")))

for label in (
    "rulebook.regulation",
    "rulebook.article",
    "rulebook.articlerevision",
    "rulebook.clause",
    "rulebook.clauseversion",
    "rulebook.processstep",
):
    presets.grant(label, presets.READ)
    presets.grant(label, [*presets.USE, "export", "publish"], to=WRITERS)
presets.grant("rulebook.goal", presets.READ, to=EVERYWHERE)
presets.grant("rulebook.goal", [*presets.USE, "export"], to=WRITERS)
presets.grant("rulebook.duty", presets.READ, "own")
presets.grant("rulebook.duty", [*presets.READ, "export", "waive"], "tree", to=HEADS)
presets.grant("rulebook.duty", [*presets.READ, "export"], "all", to=EVERYWHERE)
presets.grant("rulebook.duty", [*presets.READ, "export", "waive"], "all", to=WRITERS)
presets.grant("rulebook.assessment", presets.READ, "own")
presets.grant("rulebook.assessment", [*presets.USE, "export", "hand_over", "close"], "tree", to=HEADS)
presets.grant("rulebook.assessment", [*presets.READ, "export"], "all", to=EVERYWHERE)
presets.grant("rulebook.assessment", [*presets.USE, "export", "hand_over", "close"], "all", to=WRITERS)

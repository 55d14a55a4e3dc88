"""Publications, readings, the training plan, proofs and detailed rules in lists, pages, filters and the API."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.learning.models import Attempt, Course, DetailedRule, Proof, Publication, Question, Reading
from guanxi.learning.queries import role_names
from guanxi.learning.services import publishing, reading, rules
from guanxi.org.holdings import hand_on, holds
from guanxi.org.presets import READ, USE, WORK, grant

MINE = {"f": "owner", "op": "is", "v": "@me"}
# Of a text that is withdrawn nothing is asked any more.
UNDONE = {
    "all": [
        {"f": "publication.state", "op": "is", "v": "published"},
        {
            "any": [
                {"f": "confirmed_at", "op": "empty"},
                {"all": [{"f": "asked", "op": "is", "v": True}, {"f": "passed_at", "op": "empty"}]},
            ]
        },
    ]
}
UNPROVEN = {"f": "proven_on", "op": "empty"}
ROLES = {"offer": role_names}
STATES = {"draft": "gray", "published": "green", "withdrawn": "amber"}
RULE_STATES = {"draft": "gray", "asked": "amber", "filed": "green", "returned": "red", "repealed": "gray"}
PERSON = {"label": _("Person"), "editable": False}

register(
    Entity(
        model=Publication,
        title=_("Publications"),
        slug="publications",
        icon="speakerphone",
        name_field="title",
        columns=("title", "article", "roles", "department", "days", "state", "published_on"),
        sections=(
            Section(_("Publication"), ("title", "regulation", "article", "text")),
            Section(_("For whom"), ("roles", "department", "days")),
            Section(_("Questions"), ("pass_mark", "attempts")),
        ),
        search={"names": ("title",)},
        overrides={"roles": ROLES, "state": {"tones": STATES}},
        scoped=False,
        importable=False,
        custom=False,
        guard=publishing.only_drafts,
        relations=(
            Relation("questions", "learning.question", "publication", _("Questions")),
            Relation("readings", "learning.reading", "publication", _("Readings")),
        ),
        views=(
            View("published", _("Published"), {"f": "state", "op": "is", "v": "published"}, icon="check"),
            View("all", _("All")),
        ),
    )
)
register(
    Entity(
        model=Question,
        title=_("Questions"),
        slug="questions",
        icon="help-circle",
        name_field="text",
        columns=("text", "publication", "right", "roles", "position"),
        sort="position",
        sections=(Section(_("Question"), ("publication", "text", "a", "b", "c", "d", "right", "roles", "position")),),
        overrides={"roles": ROLES},
        scoped=False,
        importable=False,
        custom=False,
        guard=publishing.only_drafts,
        clean=publishing.still_draft,
    )
)
register(
    Entity(
        model=Reading,
        title=_("Readings"),
        slug="readings",
        icon="book-2",
        name_field="title",
        columns=("title", "owner", "department", "published_on", "due_on", "confirmed_at", "passed_at", "score"),
        sort="-published_on",
        sorts=("due_on", "confirmed_at"),
        sections=(
            Section(pgettext_lazy("learning", "Reading"), ("title", "publication", "published_on", "due_on", "owner")),
            Section(_("Proof"), ("confirmed_at", "asked", "passed_at", "score", "tried", "allowed")),
        ),
        overrides={"owner": PERSON, "department": {"editable": False}, "due_on": {"style": "due"}},
        creatable=False,
        importable=False,
        custom=False,
        guard=reading.never_by_hand,
        finished={"not": UNDONE},
        relations=(Relation("tries", "learning.attempt", "reading", _("Attempts")),),
        views=(
            View("mine", _("For me to read"), {"all": [MINE, UNDONE]}, sort="due_on", icon="user"),
            View("missing", pgettext_lazy("reading", "Missing"), UNDONE, sort="due_on", icon="alert-triangle"),
            View("all", _("All")),
        ),
    )
)
register(
    Entity(
        model=Attempt,
        title=_("Attempts"),
        slug="attempts",
        icon="checklist",
        name_field="number",
        columns=("number", "at", "score", "passed"),
        sort="number",
        sections=(Section(_("Attempt"), ("reading", "number", "at", "score", "passed")),),
        hidden=("answers",),
        scope_via="reading",
        creatable=False,
        importable=False,
        custom=False,
        guard=reading.never_by_hand,
    )
)
register(
    Entity(
        model=Course,
        title=_("Training plan"),
        slug="courses",
        icon="school",
        name_field="title",
        columns=("title", "kind", "roles", "first_days", "every_months", "publication", "is_active"),
        sections=(
            Section(_("Training plan"), ("title", "kind", "content", "roles")),
            Section(_("When and how proven"), ("first_days", "every_months", "publication", "is_active")),
        ),
        overrides={"roles": ROLES},
        scoped=False,
        importable=False,
        custom=False,
        relations=(Relation("proofs", "learning.proof", "course", _("Proofs of competence")),),
    )
)
register(
    Entity(
        model=Proof,
        title=_("Proofs of competence"),
        slug="proofs",
        icon="certificate",
        name_field="title",
        columns=("title", "owner", "department", "occasion", "due_on", "proven_on", "how", "proven_by"),
        sort="-due_on",
        sections=(
            Section(_("Training"), ("title", "course", "owner", "occasion", "opened_on", "due_on")),
            Section(_("Proof"), ("proven_on", "how", "training", "note", "proven_by")),
        ),
        overrides={"owner": PERSON, "department": {"editable": False}, "due_on": {"style": "due"}},
        creatable=False,
        importable=False,
        custom=False,
        guard=reading.never_by_hand,
        finished={"f": "proven_on", "op": "not_empty"},
        views=(
            View("mine", _("Mine"), MINE, icon="user"),
            View("missing", pgettext_lazy("reading", "Missing"), UNPROVEN, sort="due_on", icon="alert-triangle"),
            View("all", _("All")),
        ),
    )
)
IN_FORCE = {
    "all": [{"f": "state", "op": "is", "v": "filed"}, {"not": {"f": "effective_on", "op": "after", "v": "@today"}}]
}
register(
    Entity(
        model=DetailedRule,
        title=_("Detailed rules"),
        slug="detailed-rules",
        icon="book-2",
        name_field="title",
        columns=("title", "department", "regulation", "state", "filed_on", "effective_on", "owner"),
        sections=(
            Section(_("Detailed rule"), ("title", "department", "regulation", "text", "effective_on")),
            Section(_("Filing"), ("state", "filed_on", "owner")),
        ),
        search={"names": ("title", "text")},
        overrides={"state": {"tones": RULE_STATES}, "department": {"editable": False}},
        importable=False,
        custom=False,
        guard=rules.only_open,
        finished={"f": "state", "op": "in", "v": ["filed", "repealed"]},
        views=(View("force", _("In force"), IN_FORCE, icon="check"), View("all", _("All"))),
    )
)
for label, words in (("learning.reading", _("Readings")), ("learning.proof", _("Proofs of competence"))):
    # What somebody has to read or to prove is nobody else's.
    holds(label, "owner", words, hand_on, waiting=lambda: Q(pk__in=[]))
for label in ("rulebook.article", "rulebook.regulation"):
    add_relation(label, Relation("publications", "learning.publication", label.rsplit(".", 1)[1], _("Publications")))

HEADS = ("store-manager", "supervisor")
WRITERS = ("relations-specialist", "business-department")
for label in ("learning.publication", "learning.course"):
    grant(label, READ)
    grant(label, [*WORK, "publish"], to=WRITERS)
grant("learning.question", WORK, to=WRITERS)
for label in ("learning.reading", "learning.proof"):
    grant(label, READ, "own")
    grant(label, [*READ, "export", "train"], "tree", to=HEADS)
    grant(label, [*READ, "export", "train"], to=WRITERS)
    grant(label, [*READ, "export"], to=("supervision",))
grant("learning.detailedrule", READ)
grant("learning.detailedrule", USE, to=HEADS)
grant("learning.detailedrule", [*USE, "publish"], to=WRITERS)

"""What every address answers to whom: the one declared table of the access sweep.  Data; later issues add rows.

RULES has a row for every URL name of the resolver; RIGHTS says in words of our own, not computed from the presets, what
each role may do where and how far it sees.  An address, an entity or a role without a row fails the build by name.
"""

from __future__ import annotations

from dataclasses import dataclass

# -- who -------------------------------------------------------------------------------------------------------------

# role of the sweep: (preset, company, department). `representative` owns the objects called "own".
CAST = {
    "representative": ("representative", "ours", "east"),
    "store-manager": ("store-manager", "ours", "east"),
    "finance": ("finance", "ours", "hq"),
    "supervision": ("supervision", "ours", "hq"),
    "technology": ("technology", "ours", "hq"),
    "system-administrator": ("system-administrator", "ours", "hq"),
    "audit-administrator": ("audit-administrator", "ours", "hq"),
    "owner": ("owner", "ours", "hq"),
    "outsider": ("owner", "theirs", "foreign"),
}
# whose object: (company, person who owns it, department). "deleted" lies in the bin.
OBJECTS = {
    "own": ("ours", "representative", "east"),
    "colleague": ("ours", "colleague", "east"),
    "elsewhere": ("ours", "stranger", "west"),
    "foreign": ("theirs", "outsider", "foreign"),
    "deleted": ("ours", "representative", "east"),
}

# -- what may be done --------------------------------------------------------------------------------------------------

GROUPS = {
    "customer": (
        "customers", "contacts", "needs", "integrity", "important-dates", "addresses", "invoice-headers",
        "invoice-header-versions", "purchaser-changes", "class-history", "stage-history", "tenures", "duplicate-pairs",
        "merges", "fact-sources", "account-team", "account-plans", "plan-actions", "interactions", "visits", "return-visits",
        "service-requests", "competitor-notes", "receptions",
    ),
    "pool": ("pool",),
    "pooling": ("pools", "return-reasons", "recycle-rules"),
    "order": ("orders", "order-lines"),
    "receipt": ("receipts", "allocations"),
    "receivable": ("receivables",),
    "product": ("products", "product-categories"),
    "grade": ("profit-grades", "grade-history"),
    "correction": ("corrections",),
    "correction-rule": ("correction-rules",),
    "target": ("targets",),
    "commission": ("commission-statements", "commission-lines"),
    "commission-plan": ("commission-plans", "commission-rates"),
    "segment": ("segments",),
    "rules": ("class-schemes", "class-standards", "tier-policies", "playbooks"),
    "credit": ("credit-rules",),
    "class-review": ("class-reviews", "review-participants"),
    "agenda": ("review-items",),
    "standard": ("filing-standards", "sources"),
    "channel": ("channels",),
    "org": ("people", "departments", "teams"),
    "training": ("trainings",),
    "role": ("roles",),
    "sign-in": ("sign-ins",),
    "field": ("fields",),
    "absence": ("absences",),
    "approval": ("approvals", "votes"),
    "flow": ("approval-flows", "approval-steps"),
    "registration": ("registrations",),
    "exhibition": ("exhibitions",),
    "join-link": ("join-links",),
    "filing-rules": ("numbered-forms", "filing-rules", "inspection-plans"),
    "personnel": ("personnel-changes", "account-requests"),
    "post": ("posts",),
    "account-rules": ("account-rules",),
    "sharing": ("sharing-signs",),
    "flag": ("unusual-reading",),
    "export-log": ("exports-made",),
    "safeguard": ("safeguards",),
    "file-task": ("file-tasks",),
    "loan": ("loans",),
    "visit-plan": ("visit-plans",),
    "competitor": ("competitors",),
    "contact-rules": ("phrases", "service-lines", "contact-rules"),
    "inspection": ("inspections",),
    "finding": ("findings",),
    "incentive": ("incentives",),
    "incentive-month": ("incentive-months",),
    "measure": ("measures",),
    "report": ("colleague-reports",),
    "publication": ("publications", "courses"),
    "question": ("questions",),
    "reading": ("readings", "attempts", "proofs"),
    "detailed-rule": ("detailed-rules",),
    "rectification": ("rectifications",),
    "rectification-cost": ("rectification-costs",),
    "review": ("card-reviews", "day-talks"),
    "collection": ("collections",),
    "plan": ("sales-plans",),
    "assessment": ("assessments",),
    "goal": ("goals",),
    "regulation": (
        "regulations", "articles", "article-revisions", "clauses", "clause-versions", "process-steps",
    ),
    "duty": ("duties",),
    "robot": ("robots",),
    "worktime": ("calendar-days", "opening-hours"),
    "meeting": ("meetings", "agenda-items", "meeting-participants"),
    "action-item": ("action-items",),
    "bulletin": ("bulletins", "bulletin-readings"),
    "work-log": ("work-logs",),
    "handover": ("handovers", "successors", "handover-rules", "holdings"),
    "mailbox": ("mailboxes",),
    "mail": ("mail", "mail-letters"),
    "price": ("price-lists", "prices", "discount-authority"),
    "quote": ("quotes", "quote-lines"),
    "reaction": ("reactions",),
    "contract": ("contracts", "obligations", "disputes"),
    "lead": ("leads", "lead-notes", "lead-tenures"),
    "lead-pool": ("lead-pool",),
    "opportunity": ("opportunities", "opportunity-lines", "stage-moves"),
    "selling": ("pipelines", "sales-stages", "loss-reasons", "invalid-reasons", "assignment-rules", "lead-recycle-rules"),
    "launch": ("launches",),
    "product-link": ("product-links",),
    "delivery": ("deliveries", "delivery-lines"),
    "delivery-need": ("delivery-needs",),
    "instalment": ("instalments",),
    "payment-terms": ("payment-terms", "payment-terms-parts"),
    "invoice": ("invoices", "invoice-lines"),
    "return": ("return-requests", "return-lines"),
    "confirmation": ("confirmed-balances",),
    "erp": ("erp-exchanges", "erp-files"),
}  # fmt: skip
GROUP_OF = {slug: group for group, slugs in GROUPS.items() for slug in slugs}

NONE: frozenset[str] = frozenset()
READ = frozenset({"view"})
SEND = READ | {"export"}
USE = READ | {"add", "change"}
WORK = USE | {"delete", "export", "import"}
RELEASE = frozenset({"release_credit"})
DECIDE = SEND | {"add", "confirm", "decide", "hand_over"}
EVERY = frozenset({"*"})
COMPANY = ("own", "colleague", "elsewhere")  # and never "foreign"
_CALENDAR: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "worktime": (READ, COMPANY),
    "meeting": (READ, COMPANY),
    "action-item": (USE, COMPANY),
    "bulletin": (READ, COMPANY),
    "work-log": (USE, ()),  # one's own: here all are the representative's
}
_EVERYBODY: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "incentive": (READ, ()),  # one's own: here all belong to the representative
    "correction": (READ, ()),
    "correction-rule": (READ, COMPANY),
    "target": (READ, ()),
    "commission": (READ, ()),
    "incentive-month": (READ, COMPANY),
    "report": (READ | {"add"}, ()),
    "publication": (READ, COMPANY),
    "reading": (READ, ()),
    "detailed-rule": (READ, COMPANY),
    "regulation": (READ, COMPANY),
    "duty": (READ, ()),
}
_COMMON = {
    **_EVERYBODY,
    "product": (READ, COMPANY),
    "price": (READ, COMPANY),
    "launch": (READ, COMPANY),
    "product-link": (READ, COMPANY),
    "payment-terms": (READ, COMPANY),
    "commission-plan": (READ, COMPANY),
    "segment": (USE, COMPANY),
    "rules": (READ, COMPANY),
    "class-review": (READ, COMPANY),
    "credit": (READ, COMPANY),
    "standard": (READ, COMPANY),
    "channel": (READ, COMPANY),
    "org": (READ, COMPANY),
    "training": (USE, COMPANY),
    "absence": (USE, COMPANY),
    "sign-in": (READ, ()),  # one's own
    "approval": (READ, ()),  # one's own and those one is asked about: here everything belongs to the representative
    "flow": (READ, COMPANY),
    "handover": (READ, ()),  # those one takes part in
    "pooling": (READ, COMPANY),
    "selling": (READ, COMPANY),
    "export-log": (READ, ()),  # one's own exports and loans: here all are the representative's
    "loan": (READ, ()),
    "review": (READ, ()),
    "collection": (READ, ()),
    "plan": (READ, ()),
    "assessment": (READ, ()),
    **_CALENDAR,
}
_WATCH: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "sign-in": (READ, ("own", "colleague")),
    "flag": (READ, ("own", "colleague")),
    "export-log": (READ, ("own", "colleague")),
    "safeguard": (READ, COMPANY),
    "loan": (READ, ("own", "colleague")),
    "visit-plan": (USE | {"export"}, ("own", "colleague")),
    "competitor": (WORK, COMPANY),
    "phrases": (WORK, COMPANY),
    "service-lines": (WORK, COMPANY),
    "contact-rules": (READ, COMPANY),
    "review": (READ | {"add"}, ("own", "colleague")),
    "collection": (USE | {"export"}, ("own", "colleague")),
    "plan": (USE | {"export"}, ("own", "colleague")),
    "assessment": (USE | {"export", "hand_over", "close"}, ("own", "colleague")),
    "duty": (SEND | {"waive"}, ("own", "colleague")),
}
_AUDIT = {
    **dict.fromkeys(("flag", "export-log", "loan", "review", "collection", "plan"), (SEND, COMPANY)),
    "safeguard": (READ, COMPANY),
    "competitor": (READ, COMPANY),
    "contact-rules": (READ, COMPANY),
}
Rights = dict[str, tuple[frozenset[str], tuple[str, ...]]]


def _business(verbs: frozenset[str], reach: tuple[str, ...], sales: frozenset[str] | None = None) -> Rights:
    sold = (verbs if sales is None else sales, reach)
    return {
        **_COMMON,
        "customer": (verbs, reach),
        "lead": (verbs, reach),
        "opportunity": (WORK if "delete" in verbs else USE | {"export"} if "change" in verbs else READ, reach),
        "order": sold,
        "quote": sold,
        "contract": sold,
        "reaction": (USE if "add" in verbs else READ, reach),
        "receipt": sold,
        "receivable": sold,
        "delivery": sold,
        "delivery-need": (USE, reach),
        "instalment": (READ, reach),
        **dict.fromkeys(("invoice", "return", "confirmation"), (USE if "change" in verbs else READ, reach)),
        "agenda": (verbs & SEND, reach),
    }


FILE = {"file"}
_FORMS: Rights = {"exhibition": (READ, COMPANY), "filing-rules": (READ, COMPANY)}
_ALL: Rights = dict.fromkeys(GROUPS, (EVERY, COMPANY))
RIGHTS: dict[str, Rights] = {
    # The pools of the sweep serve the whole company.
    "representative": {
        **_business(USE | {"export", "hand_over", "release"}, ("own",)), **_FORMS, "pool": (READ | {"claim"}, COMPANY),
        "lead-pool": (READ | {"claim"}, COMPANY),
        "absence": (USE, ("own", "colleague")), "registration": (USE, ("own",)), "join-link": (USE, ("own",)),
        "file-task": (USE, ("own",)), "sign-in": (READ, ("own",)), "visit-plan": (USE, ("own",)), "competitor": (USE, COMPANY),
        "contact-rules": (READ, COMPANY), "mail": (READ | {"add"}, ("own",)),
        **dict.fromkeys(
            ("approval", "correction", "target", "commission", "export-log", "loan", "finding", "incentive", "review", "collection", "plan",
             "handover", "reading", "assessment", "duty"),
            (READ, ("own",)),
        ),
        "work-log": (USE, ("own",)), "report": (READ | {"add"}, ("own",)),
    },
    "store-manager": {
        **_business(WORK | {"hand_over", "change_others", "release", "protect", "override", "merge"}, ("own", "colleague")),
        "contract": (WORK | {"hand_over", "change_others", "release", "protect", "override", "merge", "sign"}, ("own", "colleague")),
        **_FORMS, "pool": (READ | {"claim", "assign"}, COMPANY), "lead-pool": (READ | {"claim", "assign"}, COMPANY), "absence": (USE, ("own", "colleague")), **_WATCH,
        "registration": (WORK | FILE, ("own", "colleague")), "join-link": (WORK, ("own", "colleague")),
        "personnel": (USE | {"import"}, ("own", "colleague")), "post": (READ, COMPANY),
        "file-task": (WORK, ("own", "colleague")), "inspection": (SEND, ("own", "colleague")),
        "correction": (SEND, ("own", "colleague")), "target": (WORK, ("own", "colleague")),
        "commission": (SEND, ("own", "colleague")),
        "finding": (SEND, ("own", "colleague")), "incentive": (DECIDE, ("own", "colleague")),
        "measure": (USE | {"export"}, ("own", "colleague")), "report": (READ | {"add", "decide"}, ("own", "colleague")),
        "reading": (SEND | {"train"}, ("own", "colleague")), "detailed-rule": (USE, COMPANY),
        "rectification": (READ | {"change"}, ("own", "colleague")), "rectification-cost": (USE | {"delete"}, ("own", "colleague")),
        "handover": (USE, ("own", "colleague")), "meeting": (WORK - {"import"}, COMPANY),
        "work-log": (USE | {"export"}, ("own", "colleague")), "mail": (READ | {"add", "assign"}, ("own", "colleague")),
    },
    "finance": {
        **_business(SEND | RELEASE, COMPANY, WORK), "order": (WORK | RELEASE, COMPANY), "receipt": (EVERY, COMPANY),
        "invoice": (WORK | {"issue"}, COMPANY), "return": (WORK | {"credit", "refund"}, COMPANY), "confirmation": (WORK, COMPANY),
        "payment-terms": (EVERY, COMPANY), "erp": (READ, COMPANY),
        "contract": (WORK | {"register"}, COMPANY), "price": (EVERY, COMPANY), "product-link": (WORK, COMPANY),
        "credit": (EVERY, COMPANY), "product": (EVERY, COMPANY), "grade": (EVERY, COMPANY),
        "correction": (SEND, COMPANY), "correction-rule": (EVERY, COMPANY), "target": (WORK, COMPANY),
        "commission": (SEND | {"settle"}, COMPANY), "commission-plan": (EVERY, COMPANY),
        "filing-rules": (READ, COMPANY), "bulletin": (USE | {"delete", "publish_finance"}, COMPANY),
        "competitor": (READ, COMPANY), "contact-rules": (READ, COMPANY), "incentive": (SEND, COMPANY), "mail": (READ, COMPANY),
    },
    "supervision": {
        **_business(SEND, COMPANY), **_FORMS, "registration": (SEND, COMPANY), "personnel": (READ, COMPANY),
        "account-rules": (READ, COMPANY), "sharing": (SEND, COMPANY), **_AUDIT, "file-task": (SEND, COMPANY), "visit-plan": (SEND, COMPANY),
        **dict.fromkeys(("correction", "target", "commission", "inspection", "finding", "incentive", "measure", "reading"), (SEND, COMPANY)), "rectification": (READ, COMPANY),
        "rectification-cost": (READ, COMPANY), "sign-in": (READ, COMPANY),
        "handover": (SEND, COMPANY), "assessment": (SEND, COMPANY), "goal": (READ, COMPANY), "duty": (SEND, COMPANY), "mail": (READ, COMPANY),
    },
    "technology": {
        **_business(READ, COMPANY), "bulletin": (USE | {"delete", "publish_technical"}, COMPANY),
        "launch": (WORK | {"confirm"}, COMPANY), "product-link": (WORK, COMPANY),
        "competitor": (READ, COMPANY), "contact-rules": (READ, COMPANY), "mail": (READ, COMPANY),
    },
    "system-administrator": {
        "people": (WORK | {"open_account", "reset_password", "freeze", "end_sessions"}, COMPANY), "org": (EVERY, COMPANY), "field": (EVERY, COMPANY), "standard": (EVERY, COMPANY), "role": (READ, COMPANY),
        "absence": (USE, COMPANY), "approval": (READ, ()), "flow": (EVERY, COMPANY), "personnel": (READ, COMPANY),
        "post": (READ, COMPANY), "account-rules": (READ | {"change"}, COMPANY), "sharing": (READ | {"review"}, COMPANY),
        "export-log": (READ, ()), "loan": (READ, ()), "review": (READ, ()), "collection": (READ, ()),
        "plan": (READ, ()), "sign-in": (READ, COMPANY),
        "handover": (USE, COMPANY), "holdings": (NONE, ()), "assessment": (READ, ()),
        **_CALENDAR, **_EVERYBODY, "worktime": (EVERY, COMPANY), "robot": (EVERY, COMPANY),
        "mailbox": (EVERY, COMPANY), "erp": (READ, COMPANY),
    },
    "audit-administrator": {
        **_CALENDAR, **dict.fromkeys(
            ("opportunity", "quote", "contract", "reaction", "delivery", "delivery-need", "instalment", "invoice", "return", "confirmation"),
            (READ, COMPANY),
        ),
        "customer": (READ, COMPANY), "order": (READ, COMPANY), "receipt": (READ, COMPANY), "receivable": (READ, COMPANY),
        "people": (READ, COMPANY), "absence": (USE, COMPANY), "agenda": (READ, COMPANY), "approval": (READ, ()),
        "flow": (READ, COMPANY), "account-rules": (READ, COMPANY), "sharing": (SEND, COMPANY), **_AUDIT,
        "handover": (READ, ()), "sign-in": (READ, COMPANY), **_EVERYBODY, "correction": (SEND, COMPANY), "assessment": (READ, ()), "mail": (READ, COMPANY),
    },
    "owner": _ALL,
    "outsider": dict.fromkeys(GROUPS, (EVERY, ("foreign",))),
}  # fmt: skip


def rights(role: str, slug: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Verbs and reachable objects of a role on one entity; a slug of its own goes before its group."""
    mine = RIGHTS[role]
    return mine.get(slug) or mine.get(GROUP_OF[slug]) or (NONE, ())


# -- where -------------------------------------------------------------------------------------------------------------

# Entities with verbs that belong to certain persons of a row, whatever the rights: their own tests say to whom.
PERSONAL = frozenset({
    "customers", "people", "approvals", "meetings", "action-items", "bulletins", "unusual-reading", "loans", "visits", "findings", "incentives", "collections",
    "handovers", "visit-plans", "colleague-reports", "readings", "proofs", "duties", "commission-statements",
})  # fmt: skip
LOGIN = "login"  # 302 to the sign-in page, or 401 from the interface
WRITTEN = (200, 201, 204, 302, 400, 403, 409, 422)  # done, or refused with a reason: an empty form is rarely complete


@dataclass(frozen=True)
class Rule:
    """`verb` is the right it needs beside "view"; `on` says what the address names; codes are for those who may.

    on: public (open to visitors who hold its token: its own tests), entity (a list), object (a row), bin (a deleted row), verb (a row and a verb), thing (a row made by hand below),
        none (no row), open (answers everybody).
    `unless` names an attribute of the entity without which the address does not exist (404).
    """

    on: str = "object"
    verb: str = "view"
    get: tuple[int, ...] = (200,)
    post: tuple[int, ...] = (200,)
    unless: str = ""
    strangers: tuple[int, ...] = (404,)


PAGE = (200,)
ASK = (200, 302, 400, 403, 404, 409, 422)
NOT = (405,)
BACK = (200, 302)
RULES: dict[str, Rule] = {
    # lists
    "record-list": Rule("entity"),
    "record-count": Rule("entity"),
    "duplicates-merge-of": Rule("entity", "merge", get=(422,), post=(422,)),
    "duplicates-look": Rule("entity", get=NOT, post=(200, 404)),
    "record-new": Rule("entity", "add", post=WRITTEN, unless="creatable"),
    "record-columns": Rule("entity", get=NOT, post=(302, 204)),
    "record-choices": Rule("entity", get=(200, 404), post=(200, 404)),
    "entity-pick": Rule("pick"),
    "record-move": Rule("entity", "change", get=NOT, post=(404,)),
    "record-bulk": Rule("bulk", "delete", post=WRITTEN),
    "record-bin": Rule("entity", "delete"),
    "view-save": Rule("entity", get=NOT, post=(302, 204, 403, 409)),
    "record-export": Rule("entity", "export", get=NOT, post=(200, 204, 302, 409)),
    "record-import": Rule("entity", "import", post=(422,), unless="importable"),
    "import-template": Rule("entity", "import"),
    # records
    "record": Rule(),
    "record-edit": Rule(verb="change", post=WRITTEN),
    "record-delete": Rule(verb="delete", get=NOT, post=WRITTEN),
    "record-restore": Rule("bin", "delete", get=NOT, post=WRITTEN),
    "record-print": Rule(),
    "record-history": Rule(),
    "record-comments": Rule(post=(200, 204, 302, 409)),
    "record-files": Rule(post=(200, 204, 302, 403)),
    "record-tab": Rule("tab"),
    "record-cell": Rule("cell", "change", post=WRITTEN),
    "record-reveal": Rule("reveal", get=NOT, post=(200, 404)),
    "record-verb": Rule("verb", post=WRITTEN),
    # the interface for programs
    "api": Rule("none", post=PAGE),
    "api-collection": Rule("entity", post=WRITTEN),
    "api-item": Rule(post=NOT),
    "api-act": Rule("verb", get=NOT, post=WRITTEN),
    # things that belong to one person or hang on a record
    "view-delete": Rule("thing", get=NOT, post=(302, 204)),
    "file": Rule("thing"),
    "file-delete": Rule("thing", get=NOT, post=(302, 403)),
    "job": Rule("thing"),
    "job-cancel": Rule("thing", get=NOT, post=(302, 204)),
    "export-file": Rule("thing"),
    "open-notice": Rule("thing", get=NOT, post=(302, 204)),
    "import-match": Rule("thing", "import", get=BACK, post=(302, 422)),
    "import-run": Rule("thing", "import", get=(200, 409), post=(302, 409)),
    "import-check": Rule("thing", "import", get=(200, 409), post=PAGE),
    "import-result": Rule("thing", "import", post=PAGE),
    "import-errors": Rule("thing", "import", post=PAGE),
    "import-undo": Rule("thing", "import", get=NOT, post=(302, 409)),
    # public: customers register themselves
    "join": Rule("public"),
    "join-done": Rule("public"),
    "join-own": Rule("public"),
    "calendar-feed": Rule("public"),
    # everybody's own
    "home": Rule("none"),
    "search": Rule("none"),
    "notices": Rule("none", post=(302, 204)),
    "working-days-now": Rule("none", post=(422, 403)),
    "notice-choice": Rule("none", post=(422, 302)),
    "calendar": Rule("none"),
    "my-day": Rule("none", post=(302, 409, 422)),
    "calendar-feed-renew": Rule("none", get=NOT),
    "calendar-feed-end": Rule("none", get=NOT, post=(302,)),
    "settings": Rule("none", post=(302, 204)),
    "theme": Rule("none", get=NOT, post=(204,)),
    "language": Rule("open", get=NOT, post=(302, 204)),
    "regions": Rule("none"),
    "suggestions": Rule("none", get=NOT, post=(200, 403)),  # a form asks with a customer: its own tests
    "suggestion-answer": Rule("none", get=NOT, post=(404,)),
    # pages of their own: who may open them stands in PAGES
    **{name: Rule("page") for name in (
        "insight", "insight-refresh", "insight-progress", "letters", "organisation", "initial-password", "open-accounts", "role-rights",
        "role-details", "trail", "trail-verify", "duplicates", "duplicates-screen", "duplicates-merge",
        "registration-counter", "registration-known", "registration-cards", "registration-blank", "registration-form",
        "registration-own-link", "exhibition-questionnaire", "joinlink-poster", "filing-today", "filing-make",
        "filing-complete", "relationship-card", "card-find", "visit-pack", "visit-routes", "return-figures", "inspection-report", "inspection-files", "incentive-month", "appraisal", "reading-questions",
        "correction-figures", "attainment", "deals-figures", "target-table", "forecast", "commission-recalculation",
        "card-review-week", "balances", "sales-plan-draft", "handover-briefing", "what-if", "scheme-day", "file-task-form",
        "style", "compliance", "compliance-report", "goals-year", "processes", "use-notice", "article-words", "clause-rule", "rulebooks", "team-board", "working-days",
        "quote-pdf", "quote-print", "contract-pdf", "delivery-calls", "account-statement", "ageing", "receipt-match",
    )},
    "visit-report": Rule("page", get=BACK, post=WRITTEN),
    "return-report": Rule("page", get=BACK, post=WRITTEN),
    "mail-answer": Rule("page", post=WRITTEN),
    "mail-begin": Rule("page", post=WRITTEN),
    "record-clean": Rule("entity", "change", get=(200, 302, 404, 409), post=(200, 204, 302, 404, 409, 422)),
    # sign-in: the library's pages; what they do is the matter of test_sessions
    **{
        name: Rule("library")
        for name in (
            "account_login", "account_logout", "account_inactive", "account_signup", "account_reauthenticate", "account_email",
            "account_email_verification_sent", "account_change_password", "account_set_password", "account_reset_password",
            "account_confirm_login_code", "account_confirm_email", "account_reset_password_from_key_done",
            "account_reset_password_from_key", "account_reset_password_done", "mfa_index", "mfa_authenticate",
            "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_login_webauthn",
            "usersessions_list",
        )
    },
}  # fmt: skip
_CUSTOMERS = (
    "representative",
    "store-manager",
    "finance",
    "supervision",
    "technology",
    "audit-administrator",
    "owner",
    "outsider",
)
# address: (slug of the row it names or "", further arguments, roles that may open it); all others are refused.
PAGES: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "insight": ("", {}, _CUSTOMERS),
    "insight-refresh": ("", {}, _CUSTOMERS),
    "insight-progress": ("customers", {}, ()),  # a job of their own only; no row is one
    "letters": ("", {}, ("representative", "store-manager", "finance", "supervision", "owner", "outsider")),
    "duplicates": ("", {}, _CUSTOMERS),
    "duplicates-screen": ("", {}, ("store-manager", "owner", "outsider")),
    "duplicates-merge": ("", {}, ("store-manager", "owner", "outsider")),
    "file-task-form": ("file-tasks", {}, ("representative", "store-manager", "supervision", "owner")),
    "inspection-report": ("", {}, ("store-manager", "supervision", "owner", "outsider")),
    "inspection-files": ("inspections", {}, ("store-manager", "supervision", "owner")),
    "incentive-month": ("", {}, tuple(CAST)),
    "correction-figures": ("", {}, tuple(CAST)),
    "attainment": ("", {}, _CUSTOMERS),
    "forecast": ("", {}, _CUSTOMERS),
    "target-table": ("", {}, ("store-manager", "finance", "owner", "outsider")),
    "commission-recalculation": ("", {}, ("finance", "owner", "outsider")),
    "appraisal": ("", {}, tuple(CAST)),
    "reading-questions": ("readings", {}, ("representative",)),
    "filing-today": ("", {}, ("representative", "store-manager", "supervision", "owner", "outsider")),
    "filing-make": ("registrations", {}, ("store-manager", "owner")),
    "filing-complete": ("customers", {}, ("representative", "store-manager", "owner")),
    "relationship-card": (
        "customers",
        {},
        ("representative", "store-manager", "finance", "supervision", "technology", "audit-administrator", "owner"),
    ),
    "registration-counter": ("", {}, ("representative", "store-manager", "owner", "outsider")),
    "registration-known": ("", {}, ("representative", "store-manager", "owner", "outsider")),
    "registration-cards": ("", {}, ("representative", "store-manager", "owner", "outsider")),
    "registration-blank": ("", {}, ("representative", "store-manager", "supervision", "owner", "outsider")),
    "registration-form": ("registrations", {}, ("representative", "store-manager", "supervision", "owner")),
    "registration-own-link": ("registrations", {}, ("representative", "store-manager", "owner")),
    "exhibition-questionnaire": (
        "exhibitions",
        {},
        ("representative", "store-manager", "supervision", "owner"),
    ),
    "joinlink-poster": ("join-links", {}, ("representative", "store-manager", "owner")),
    "organisation": ("", {}, tuple(role for role in CAST if role != "audit-administrator")),
    "initial-password": ("people", {}, ("system-administrator", "owner")),
    "open-accounts": ("", {}, ("system-administrator", "owner", "outsider")),
    "role-rights": ("roles", {}, ("owner",)),
    "role-details": ("roles", {"label": "customers.account"}, ("owner",)),
    "handover-briefing": ("handovers", {}, ("representative", "store-manager", "supervision", "owner")),
    "what-if": ("class-schemes", {}, ("owner",)),
    "scheme-day": (
        "class-schemes",
        {},
        tuple(role for role in _CUSTOMERS if role not in ("audit-administrator", "outsider")),
    ),
    "trail": ("", {}, ("audit-administrator", "owner", "outsider")),
    "card-find": ("", {}, _CUSTOMERS),
    "visit-pack": ("", {}, _CUSTOMERS),
    "visit-routes": ("", {}, ("store-manager", "supervision", "owner", "outsider")),
    "return-figures": ("", {}, _CUSTOMERS),
    "visit-report": ("visits", {}, ("representative",)),
    "return-report": ("return-visits", {}, ("representative", "store-manager", "owner")),
    "mail-answer": ("mail", {}, ("representative", "store-manager", "owner")),
    "mail-begin": ("customers", {}, ("representative", "store-manager", "owner")),
    "compliance": ("", {}, tuple(CAST)),  # everybody: of the own duties
    "compliance-report": ("", {}, tuple(CAST)),
    "use-notice": ("", {}, tuple(CAST)),
    "goals-year": ("", {}, ("supervision", "owner", "outsider")),
    "processes": ("", {}, tuple(CAST)),
    "clause-rule": ("clauses", {}, ("owner",)),
    "rulebooks": ("", {}, ("owner", "outsider")),
    "article-words": ("articles", {}, tuple(role for role in CAST if role != "outsider")),
    "team-board": ("", {}, ("store-manager", "owner", "outsider")),
    "card-review-week": ("", {}, ("store-manager", "owner", "outsider")),
    "balances": ("", {}, _CUSTOMERS),
    "sales-plan-draft": ("", {}, _CUSTOMERS),
    "trail-verify": ("", {}, ("audit-administrator", "owner", "outsider")),
    "style": ("", {}, ("owner", "outsider")),
    "working-days": ("", {"year": 2026}, tuple(CAST)),
    "delivery-calls": ("", {}, _CUSTOMERS),
    "deals-figures": ("", {}, _CUSTOMERS),
    "account-statement": ("customers", {}, tuple(role for role in _CUSTOMERS if role != "outsider")),
    "ageing": ("", {}, _CUSTOMERS),
    "receipt-match": ("receipts", {}, ("representative", "store-manager", "finance", "owner")),
    **dict.fromkeys(
        ("quote-pdf", "quote-print"),
        (
            "quotes",
            {},
            ("representative", "store-manager", "finance", "supervision", "technology", "audit-administrator", "owner"),
        ),
    ),
    "contract-pdf": (
        "contracts",
        {},
        ("representative", "store-manager", "finance", "supervision", "technology", "audit-administrator", "owner"),
    ),
}
# The library's pages that a visitor may open; all others send a visitor to the sign-in page.
VISITOR = frozenset({
    "account_login", "account_logout", "account_inactive", "account_signup", "account_reset_password",
    "account_confirm_email", "account_email_verification_sent", "account_reset_password_done", "account_confirm_login_code",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
})  # fmt: skip
SAMPLE_ARGS = {"key": "none", "uidb36": "1", "pk": 1}

# -- what stays closed (canary sweep) ------------------------------------------------------------------------------------

_COST = ("cost", "profit", "margin", "unit_cost")
_CLOSED_SALES = {"orders": ("cost", "profit"), "order-lines": ("cost", "unit_cost"), "products": ("cost", "margin")}
_CLOSED_POOL = {
    "pool": ("phone", "email", "address"),
    "lead-pool": ("person", "post", "phone", "mobile", "wechat", "email", "address"),
}  # until claimed
CLOSED: dict[str, dict[str, tuple[str, ...]]] = {
    "representative": {**_CLOSED_SALES, **_CLOSED_POOL, "customers": ("credit_limit",), "people": ("phone",)},
    "store-manager": {**_CLOSED_SALES, **_CLOSED_POOL, "people": ("phone",)},
    "supervision": {**_CLOSED_SALES, "people": ("phone",)},
    "technology": {
        "leads": ("phone", "mobile", "email", "wechat"),
        **_CLOSED_SALES, "orders": ("cost", "profit", "phone"), "people": ("phone",), "customers": ("phone", "email"),
        "contacts": ("phone", "mobile", "email", "home_address", "family"), "addresses": ("phone",),
        "invoice-headers": ("phone", "mobile", "email"), "mail": ("address",),
    },
    "audit-administrator": {
        "orders": ("cost", "profit"), "order-lines": ("cost", "unit_cost"), "customers": ("phone", "email"),
        "contacts": ("phone", "mobile", "email", "home_address", "family"), "invoice-headers": ("phone", "mobile", "email"),
        "mail": ("address",),
    },
}  # fmt: skip

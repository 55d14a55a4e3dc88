"""Class reviews: what is put on the agenda, what is decided, when it takes effect, and reminders of the next one (CLASS-07)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, ClassAssignment, ClassReview, ClassScheme, ReviewItem, ReviewSeat
from guanxi.customers.queries.classes import as_published, computed_by_rules, standing
from guanxi.customers.services.classes import decide
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import tell

Decision, Reason, State = ReviewItem.Decision, ReviewItem.Reason, ClassReview.State
MOST, LOOK_BACK, SOON, LATE = 200, 92, 7, 7  # proposals of one kind; days
DECIDED = (Decision.AGREED, Decision.OTHER)


@dataclass(frozen=True)
class Proposal:
    """A customer the meeting should look at, with the class the figures give it."""

    account_id: int
    reason: str
    present: str
    proposed: str
    figure: str = ""


Proposer = Callable[[ClassReview], Iterable[Proposal]]
_proposers: list[Proposer] = []


def proposes(function: Proposer) -> Proposer:
    """Register what puts customers on the agenda by itself; apps above add what their figures tell."""
    _proposers.append(function)
    return function


def name_reviews(reviews: list[ClassReview]) -> None:
    """Before new reviews are stored: those without a name are called by scheme and day."""
    for review in reviews:
        review.name = review.name or f"{review.scheme.name} {review.held_on}"[:100]


def class_choices(actor: User) -> list[tuple[str, str]]:
    """Every class of the published schemes, by code; what two schemes call differently is named by both."""
    names: dict[str, list[str]] = {}
    for scheme in ClassScheme.objects.visible_to(actor).exclude(published_at=None):
        for each in as_published(scheme).classes:
            names.setdefault(each["code"], []).append(each["name"])
    return [(code, " / ".join(dict.fromkeys(words))) for code, words in names.items()]


# -- the agenda


@proposes
def moved(review: ClassReview) -> Iterable[Proposal]:
    """Whose class changed by the figures since the last review."""
    last = ClassReview.objects.filter(scheme=review.scheme_id, state=State.CLOSED).order_by("-held_on").first()
    since = last.held_on if last else clock.today() - timedelta(days=LOOK_BACK)
    rows = ClassAssignment.objects.filter(scheme=review.scheme_id, until=None, since__gte=since, decided_by=None)
    rows = rows.exclude(previous="").exclude(class_code="").order_by("-since", "-pk")
    for pk, old, new in rows.values_list("account_id", "previous", "class_code")[:MOST]:
        yield Proposal(pk, Reason.MOVED, new, new, f"{old} → {new}")


@proposes
def held_against_rules(review: ClassReview) -> Iterable[Proposal]:
    """Whose class people hold although the rules say otherwise."""
    scheme = as_published(review.scheme)
    held = {pk: code for pk, (code, kept) in standing(scheme).items() if kept}
    if held and scheme.kind == ClassScheme.Kind.RULES:
        wanted = computed_by_rules(scheme)
        differing = [pk for pk in held if wanted.get(pk, "") != held[pk]]
        yield from (Proposal(pk, Reason.HELD, held[pk], wanted.get(pk, "")) for pk in differing[:MOST])


@proposes
def unmanaged(review: ClassReview) -> Iterable[Proposal]:
    """The top class without a named account manager (ORG-08)."""
    top = as_published(review.scheme).codes[0]
    rows = ClassAssignment.objects.filter(scheme=review.scheme_id, until=None, class_code=top)
    rows = rows.filter(Q(account__owner=None) | Q(account__owner__is_active=False), account__retired_on=None)
    for pk in rows.order_by("account_id").values_list("account_id", flat=True)[:MOST]:
        yield Proposal(pk, Reason.UNMANAGED, top, top)


def _planned(review: ClassReview) -> None:
    if review.state != State.PLANNED:
        raise Refused(_("This review is closed."))


@action(ClassReview, label=_("Propose customers"), permission="assign_class", icon="list-search", bulk=False,
        when=lambda review: review.state == State.PLANNED)  # fmt: skip
def propose(review: ClassReview, *, actor: User) -> int:
    """Put on the agenda whom the figures name; who is there already stays as is.  Returns how many came."""
    _planned(review)
    known = set(review.items.filter(deleted_at=None).values_list("account_id", flat=True))
    fresh: dict[int, Proposal] = {}
    for proposer in _proposers:
        for one in proposer(review):
            if one.account_id not in known:
                fresh.setdefault(one.account_id, one)
    live = Account.objects.filter(pk__in=fresh, company_id=review.company_id).values_list("pk", flat=True)
    ReviewItem.objects.bulk_create(
        ReviewItem(
            company_id=review.company_id, created_by_id=actor.pk, review=review, account_id=pk, reason=fresh[pk].reason,
            present=fresh[pk].present, proposed=fresh[pk].proposed, figure=fresh[pk].figure,
        )
        for pk in sorted(live)
    )  # fmt: skip
    return len(live)


@action(ClassReview, label=_("Put a customer on the agenda"), permission="assign_class", icon="plus", bulk=False,
        labels={"account": _("Customer")}, when=lambda review: review.state == State.PLANNED)  # fmt: skip
def discuss(review: ClassReview, *, actor: User, account: Account) -> ReviewItem:
    """A customer the figures did not name."""
    _planned(review)
    if review.items.filter(account=account, deleted_at=None).exists():
        raise Refused(_("This customer is on the agenda already."), field="account")
    now = ClassAssignment.objects.filter(scheme=review.scheme_id, account=account, until=None).first()
    code = now.class_code if now else ""
    item = ReviewItem(
        company_id=review.company_id,
        created_by_id=actor.pk,
        review=review,
        account=account,
        present=code,
        proposed=code,
    )
    item.save()
    return item


# -- decisions


def _open(item: ReviewItem) -> bool:
    return item.applied_on is None


def _decide(item: ReviewItem, actor: User, decision: str, code: str, why: str) -> ReviewItem:
    _planned(item.review)
    item.decision, item.decided, item.remark, item.decided_by = decision, code, why.strip()[:300], actor
    item.save(update_fields=["decision", "decided", "remark", "decided_by"])
    return item


@action(ReviewItem, label=_("Agree"), permission="assign_class", icon="check", when=_open)
def agree(item: ReviewItem, *, actor: User) -> ReviewItem:
    """The class the figures propose."""
    return _decide(item, actor, Decision.AGREED, item.proposed, "")


@action(ReviewItem, label=_("Other class"), permission="assign_class", icon="pencil", when=_open,
        labels={"code": _("Class"), "reason": _("Reason")}, choices={"code": class_choices})  # fmt: skip
def choose(item: ReviewItem, *, actor: User, code: str, reason: str) -> ReviewItem:
    """A class against the figures; it is kept until people decide anew."""
    if not reason.strip():
        raise Refused(_("Say why the class changes."), field="reason")
    if code not in as_published(item.review.scheme).codes:
        raise Refused(_("The scheme has no class “%(code)s”.") % {"code": code}, field="code")
    return _decide(item, actor, Decision.OTHER, code, reason)


@action(ReviewItem, label=_("Postpone"), permission="assign_class", icon="clock", when=_open,
        labels={"reason": _("Reason")})  # fmt: skip
def postpone(item: ReviewItem, *, actor: User, reason: str = "") -> ReviewItem:
    return _decide(item, actor, Decision.POSTPONED, "", reason)


@action(ClassReview, label=_("Close and apply"), permission="assign_class", icon="circle-check", bulk=False,
        labels={"next_on": _("Next review")}, when=lambda review: review.state == State.PLANNED)  # fmt: skip
def close(review: ClassReview, *, actor: User, next_on: date | None = None) -> ClassReview:
    """The minutes stand; decided classes take effect on their day, open items are postponed, the next review is planned."""
    _planned(review)
    if review.held_on > clock.today():
        raise Refused(_("The meeting has not been held yet."))
    if next_on is not None and next_on <= review.held_on:
        raise Refused(_("The next review lies after this one."), field="next_on")
    for item in review.items.filter(deleted_at=None, decision=Decision.OPEN):
        item.decision = Decision.POSTPONED
        item.save(update_fields=["decision"])
    review.effective_on = max(review.effective_on or clock.today(), clock.today())
    review.state, review.next_on = State.CLOSED, next_on
    review.save(update_fields=["effective_on", "state", "next_on"])
    if review.effective_on == clock.today():
        apply_decisions(review)
    if next_on is not None:
        _plan_next(review, next_on, actor)
    return review


def _plan_next(review: ClassReview, day: date, actor: User) -> None:
    common: dict[str, Any] = {"company_id": review.company_id, "created_by_id": actor.pk}
    following = ClassReview(
        **common, scheme=review.scheme, held_on=day, owner_id=review.owner_id,
        department_id=review.department_id, margin=review.margin,
    )  # fmt: skip
    name_reviews([following])
    following.save()
    for person_id in review.seats.filter(deleted_at=None).values_list("person_id", flat=True):
        ReviewSeat(**common, review=following, person_id=person_id).save()


def apply_decisions(review: ClassReview) -> int:
    """The decided classes become the classes, with the meeting as their cause; returns how many were applied."""
    done = 0
    items = review.items.filter(deleted_at=None, decision__in=DECIDED, applied_on=None)
    for item in items.select_related("decided_by"):
        held = item.decision == Decision.OTHER
        cause = _t("Class review %(name)s") % {"name": review.name} + (f": {item.remark}" if item.remark else "")
        try:
            decide(review.scheme, item.account_id, item.decided, cause, item.decided_by, held=held)
        except Refused:  # a newer standard has no such class: the next review decides
            item.decision = Decision.POSTPONED
        else:
            item.applied_on, done = clock.today(), done + 1
        item.save(update_fields=["decision", "applied_on"])
    return done


# -- on their day


@jobs.job("customers.reviews", at_hour=1)
def run_reviews(run: jobs.Run) -> dict[str, int]:
    """Every night: decisions whose day has come, and reminders of reviews and reassessments that are near or late."""
    waiting = ClassReview.objects.filter(
        state=State.CLOSED, effective_on__lte=clock.today(), items__decision__in=DECIDED, items__applied_on=None,
        items__deleted_at=None,
    )  # fmt: skip
    applied = sum(work.unit_of_work(lambda one=row: apply_decisions(one)) for row in waiting.distinct())  # type: ignore[misc]
    near = clock.today() + timedelta(days=SOON)
    reviews = ClassReview.objects.filter(state=State.PLANNED, held_on__lte=near)
    schemes = ClassScheme.objects.filter(reassess_on__lte=near)
    told = sum(work.unit_of_work(lambda one=row: remind_review(one)) for row in reviews)  # type: ignore[misc]
    told += sum(work.unit_of_work(lambda one=row: remind_scheme(one)) for row in schemes)  # type: ignore[misc]
    return {"applied": applied, "told": told}


def _step(day: date) -> int:
    """1: soon, 2: overdue, 3: overdue for a week, so that those above are told."""
    late = (clock.today() - day).days
    return 3 if late >= LATE else 2 if late > 0 else 1


def remind_review(review: ClassReview) -> int:
    """Owner and participants once before and once after the day; a week later those who lead the owner."""
    seats = ReviewSeat.objects.filter(review=review).select_related("person__company")
    people = [review.owner, *(seat.person for seat in seats)]
    return _remind(
        review,
        review.held_on,
        people,
        _t("Class review “%(name)s”"),
        record_url("class-reviews", review.pk),
    )


def remind_scheme(scheme: ClassScheme) -> int:
    """Who published the standard looks at it again."""
    url = record_url("class-schemes", scheme.pk)
    return _remind(scheme, scheme.reassess_on, [scheme.published_by], _t("Reassessment of “%(name)s”"), url)


def _remind(row: Any, day: Any, people: list[User | None], words: str, url: str) -> int:
    step = _step(day)
    if step <= row.reminded:
        return 0
    asked = [person for person in dict.fromkeys(people) if person is not None and person.is_active]
    if step == 3:
        asked += [head for person in people[:1] if person is not None for head in heads_above(person)]
    what = words % {"name": row}
    text = _t("%(what)s is due on %(day)s") if step == 1 else _t("%(what)s has been overdue since %(day)s")
    tell(dict.fromkeys(asked), text % {"what": what, "day": day}, url=url, icon="calendar")
    row.reminded = step
    row.save(update_fields=["reminded"])
    return len(asked)

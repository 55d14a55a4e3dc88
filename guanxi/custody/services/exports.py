"""The gate of exports: approval above a size, a limit a day, marks in the file, a record of every one (SEC-07)."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.approvals.models import Approval
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.custody.models import ExportLog, Flag, Tally
from guanxi.custody.models.watch import WHOLE_DAY
from guanxi.custody.queries.watch import ACCOUNT, allowed, columns_in_words, is_card, is_leaving, safeguard_of, standing
from guanxi.custody.services.flags import count, note
from guanxi.customers.models import Account
from guanxi.exchange.exporting import export_file
from guanxi.exchange.gate import Gate, Pass, Wish, watch
from guanxi.kernel import clock, work
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.numbering import next_number
from guanxi.kernel.work import unit_of_work
from guanxi.org.services import tell

SUBJECT = "custody.export"
FEW = 50  # fewer rows are nobody's customer base
GROWTH = 1.1  # a list may grow while its approval waits, but not beyond this


class Keeper(Gate):
    """Customers, and what hangs on them, leave only within the limits; whatever leaves is written down and marked."""

    def admit(self, wish: Wish) -> Pass | str:
        limits = safeguard_of(wish.user)
        if is_card(wish.entity.label):
            _hold_back(wish)
            if limits.export_rows and wish.rows > limits.export_rows:
                if not wish.state:
                    text = _("At most %(n)d customers at once; more need an approved export.")
                    raise Refused(text % {"n": limits.export_rows})
                return record_url("approvals", _ask(wish).pk)
            _take(wish)
        return unit_of_work(lambda: _leave(_logged(wish)), verb="custody.exportlog.created")

    def resume(self, key: int, job_id: int, rows: int) -> Pass:
        log = ExportLog.objects.get(pk=key)
        if rows > max(log.rows * GROWTH, log.rows + 20):
            raise Refused(
                _("The list has grown from %(old)d to %(new)d rows: ask again.") % {"old": log.rows, "new": rows}
            )
        log.job_id = job_id
        unit_of_work(log.save)
        return _leave(log)

    def written(self, leave: Pass, rows: int, digest: str) -> None:
        def body() -> None:
            log = ExportLog.objects.get(pk=leave.key)
            log.rows, log.sha256, log.written_at = rows, digest, clock.now()
            if log.job_id is None:  # the answer to the request is the file
                log.fetched, log.fetched_at = 1, clock.now()
            elif log.owner is not None:
                url = reverse("job", args=[log.job_id])
                tell([log.owner], str(_("The export %(number)s is ready.") % {"number": log}), url=url, icon="download")
            log.save()

        unit_of_work(body)

    def fetched(self, job_id: int) -> None:
        def body() -> None:
            for log in ExportLog.objects.filter(job_id=job_id):
                log.fetched, log.fetched_at = log.fetched + 1, clock.now()
                log.save()

        unit_of_work(body)


def _hold_back(wish: Wish) -> None:
    """Who is about to leave takes no customers along: stopped and reported, until the head has lifted it for the day."""
    user = wish.user
    turn = standing(user.pk, clock.today())[0].get(Flag.Kind.EXPORTED, 0)
    if turn or not wish.rows or not is_leaving(user):
        return
    note(user, Flag.Kind.EXPORTED, Flag.Level.STOPPED, measured=(wish.rows, 0), turn=turn)
    raise Refused(
        _("You are about to leave: exports of customers are stopped. Your head has been told and can lift this.")
    )


def _take(wish: Wish) -> None:
    """Reserve the rows of today's allowance by one conditional UPDATE; at the limit stop and report."""
    user, rows, day = wish.user, wish.rows, clock.today()
    limits = safeguard_of(user)
    turn = standing(user.pk, day)[0].get(Flag.Kind.EXPORTED, 0)
    most = allowed(limits, Flag.Kind.EXPORTED, turn)
    count(user, day, timezone.localtime(clock.now()).hour, exported=0)
    mine = Tally.objects.filter(user=user, day=day, hour=WHOLE_DAY)
    fits = mine.filter(exported__lte=most - rows) if most else mine
    if (rows <= most or not most) and fits.update(exported=F("exported") + rows):
        _stand_out(wish, (mine.values_list("exported", flat=True).first() or rows, most), turn)
        return
    so_far = mine.values_list("exported", flat=True).first() or 0
    note(user, Flag.Kind.EXPORTED, Flag.Level.STOPPED, measured=(so_far + rows, most), turn=turn)
    text = _(
        "Today's exports would come to %(n)d rows; %(most)d are allowed without approval. Your head has been told."
    )
    raise Refused(text % {"n": so_far + rows, "most": most})


def _stand_out(wish: Wish, measured: tuple[int, int], turn: int) -> None:
    """Much of a day's limit, or most of the customers one looks after: allowed, but the head hears of it the same day."""
    user, limits, (today, most) = wish.user, safeguard_of(wish.user), measured
    own = Account.objects.filter(owner=user).count() if wish.entity.label == ACCOUNT and wish.rows >= FEW else 0
    if own and wish.rows * 100 >= own * limits.warn_percent:
        remark = _("exported %(n)d customers, looks after %(own)d") % {"n": wish.rows, "own": own}
    elif most and today * 100 >= most * limits.warn_percent:
        remark = ""
    else:
        return
    note(user, Flag.Kind.EXPORTED, Flag.Level.WARNING, measured=measured, turn=turn, remark=remark)


def _logged(wish: Wish, approval: Approval | None = None) -> ExportLog:
    user = wish.user
    log = ExportLog(
        company_id=user.company_id, created_by_id=user.pk, owner=user, department_id=user.department_id,
        number=next_number(user.company_id, "EX"), what=str(wish.entity.title), sentence=wish.sentence, words=wish.words,
        fields=columns_in_words(wish.entity, wish.fields, user.company), kind=wish.kind, rows=wish.rows, approval=approval,
    )  # fmt: skip
    log.save()
    return log


def _leave(log: ExportLog) -> Pass:
    """Who, under which sign-in name, when, which number: on every page and in the file itself."""
    who = f"{log.owner.name} ({log.owner.username})" if log.owner else ""
    when = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    marks = (
        f"{log.owner.company.name if log.owner else ''} · {who} · {when} · {log.number}",
        _("Exported by %(who)s at %(when)s, number %(number)s. For this person's work only; do not pass on.")
        % {"who": who, "when": when, "number": log.number},
    )
    return Pass(log.pk, marks)


def _ask(wish: Wish) -> Approval:
    """Ask the head; what is agreed to is exactly what is described here."""
    payload = {
        "label": wish.entity.label, "state": wish.state, "kind": wish.kind, "rows": wish.rows,
        "sentence": wish.sentence, "words": wish.words, "fields": list(wish.fields),
    }  # fmt: skip
    title = _("Export %(n)s × %(what)s") % {"n": f"{wish.rows:,}", "what": wish.entity.title}
    same = Approval.objects.filter(owner=wish.user, kind=SUBJECT, state=Approval.State.PENDING, payload=payload)
    return same.first() or ask(Request(SUBJECT, title, payload=payload), actor=wish.user)


def _wish(approval: Approval) -> Wish:
    given: dict[str, Any] = approval.payload
    rest = {name: given[name] for name in ("kind", "rows", "state", "sentence", "words")}
    return Wish(user=approval.owner, entity=entity(given["label"]), fields=tuple(given["fields"]), **rest)


def _facts(approval: Approval) -> list[tuple[Any, str]]:
    wish = _wish(approval)
    return [
        (_("What"), str(wish.entity.title)),
        (_("Rows"), f"{wish.rows:,}"),
        (_("Filter"), " · ".join(filter(None, [wish.sentence, wish.words]))),
        (_("Columns"), columns_in_words(wish.entity, wish.fields, approval.company)),
    ]


@subject(SUBJECT, label=gettext_lazy("Large export"), facts=_facts)
def agreed(approval: Approval) -> str:
    """The file is written as a job of the person who asked, with that person's rights on the day it runs."""
    wish = _wish(approval)
    log = _logged(wish, approval)
    job = export_file.enqueue(user=wish.user, label=wish.entity.label, state=wish.state, kind=wish.kind, leave=log.pk)
    log.job_id = job.pk
    log.save()
    work.require()
    return _("The export %(number)s is being written.") % {"number": log}


watch(Keeper())

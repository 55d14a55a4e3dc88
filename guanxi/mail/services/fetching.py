"""Fetching new letters from the mailboxes, each exactly once, and laying them where they belong."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.kernel import clock, jobs, work
from guanxi.kernel.errors import Refused
from guanxi.mail.letters import MOST_FILES, Letter, read
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.mail.queries import owner_of, people_at
from guanxi.mail.services.mailboxes import note
from guanxi.mail.services.threads import address_of, book, settle, take_in
from guanxi.mail.wire import Inbox, Trouble, inbox
from guanxi.org.files import attach
from guanxi.org.services import tell

MOST = 200  # letters a turn
log = logging.getLogger(__name__)


@jobs.job("mail.round", every=timedelta(minutes=2), attempts=1)
def visit_all(run: jobs.Run) -> dict[str, int]:
    """Every mailbox gets a turn of its own: one that does not answer holds nobody up."""
    due = Mailbox.objects.filter(Q(next_at=None) | Q(next_at__lte=clock.now()), is_active=True).exclude(
        sealed_secret=""
    )
    found = list(due.values_list("pk", "company_id"))
    for pk, company_id in found:
        fetch.enqueue(company_id=company_id, unique=f"mail.fetch:{pk}", mailbox=pk)
    return {"mailboxes": len(found)}


@jobs.job("mail.fetch", attempts=3)
def fetch(run: jobs.Run, mailbox: int) -> dict[str, int]:
    """What has arrived since the last turn."""
    row = Mailbox.objects.select_related("owner", "company").get(pk=mailbox, company_id=run.job.company_id)
    done = 0
    try:
        with inbox(row.imap) as box:
            _same_numbering(row, box.validity)
            for uid in box.after(row.last_uid, row.since)[:MOST]:
                done += _fetch_one(run, row, box, uid)
    except Trouble as trouble:
        note(row, _("Receiving: %(why)s") % {"why": trouble}, lasting=trouble.lasting)
        return {"letters": done, "failed": 1}
    Mailbox.objects.filter(pk=row.pk).update_silently(fetched_at=clock.now())
    if not row.works:
        note(row, "")
    return {"letters": done}


def _same_numbering(row: Mailbox, validity: int) -> None:
    """A server that numbers its messages anew is read from the start; what is known by its id is not taken in twice."""
    if row.uid_validity != validity:
        row.uid_validity, row.last_uid = validity, 0
        Mailbox.objects.filter(pk=row.pk).update_silently(uid_validity=validity, last_uid=0)


def _fetch_one(run: jobs.Run, row: Mailbox, box: Inbox, uid: int) -> int:
    raw, whole = box.fetch(uid)
    letter = read(raw) if raw else None

    def body() -> int:
        run.fence()
        mine = Mailbox.objects.filter(pk=row.pk, uid_validity=row.uid_validity, last_uid=row.last_uid)
        if not mine.update_silently(last_uid=uid):  # in the same unit as the letter: both or neither
            raise jobs.LostLease
        return 0 if letter is None or _receive_safely(row, letter, whole) is None else 1

    done = work.unit_of_work(body, verb="mail.received")
    row.last_uid = uid
    return done


def _receive_safely(mailbox: Mailbox, letter: Letter, whole: bool) -> Mail | None:
    """One letter that cannot be stored as it is must not keep back all those behind it."""
    try:
        return work.part(partial(receive, mailbox, letter, whole=whole))
    except (OperationalError, OSError):  # the database or the disk, not the letter
        raise
    except Exception:
        log.exception("A letter in mailbox %s cannot be stored", mailbox.pk)
        return receive(mailbox, Letter(letter.message_id, sender=letter.sender), whole=False)


def receive(mailbox: Mailbox, letter: Letter, *, whole: bool = True) -> Mail | None:
    """Lay a letter into its conversation; None for our own letters and those we have."""
    ours = {mailbox.address, address_of(settings.DEFAULT_FROM_EMAIL)}
    known = Mail.everything.filter(mailbox=mailbox, message_id=letter.message_id)
    if letter.sender in ours or known.exists():
        return None
    letter.subject = letter.subject or _("(no subject)")
    at = min(letter.at or clock.now(), clock.now())
    thread = _thread_for(mailbox, letter)
    thread.last_at = max(thread.last_at, at) if not thread._state.adding else at
    thread.save()
    mail = Mail(
        company_id=mailbox.company_id, thread=thread, mailbox=mailbox, message_id=letter.message_id, subject=letter.subject,
        references=" ".join(letter.references), sender=letter.sender, sender_name=letter.sender_name, at=at,
        recipients=letter.recipients, copies=letter.copies, text=letter.text, automatic=letter.automatic,
    )  # fmt: skip
    mail.save()
    _keep_files(mail, letter, mailbox, whole)
    if thread.account_id is not None:
        book(mail)
    _tell(mail, thread, mailbox)
    return mail


def _thread_for(mailbox: Mailbox, letter: Letter) -> Thread:
    """The conversation a letter answers, unless another customer has written it; else a new one."""
    answered = Mail.objects.filter(mailbox=mailbox, message_id__in=letter.references).select_related("thread__account")
    last = answered.order_by("-at", "-pk").first()
    if last is not None:
        thread: Thread = last.thread
        others = {account for account, _contact in people_at(mailbox.company_id, letter.sender)}
        if not others or thread.account_id is None or thread.account_id in others:
            if thread.state == Thread.State.ASIDE:
                thread.state = Thread.State.UNASSIGNED
            if thread.account_id is None and (found := owner_of(mailbox.company_id, letter.sender)):
                settle(thread, *found)
            return thread
    thread = Thread(
        company_id=mailbox.company_id,
        mailbox=mailbox,
        subject=letter.subject,
        address=letter.sender,
        name=letter.sender_name,
    )
    found = owner_of(mailbox.company_id, letter.sender) if letter.sender else None
    if found is not None:
        take_in(thread, *found)
    return thread


def _keep_files(mail: Mail, letter: Letter, mailbox: Mailbox, whole: bool) -> None:
    """Attachments under the rules for all files; what is left out is named."""
    author, left = mailbox.owner or mailbox.created_by, [] if whole else [_("the whole text and all files")]
    for n, (name, content) in enumerate(letter.files):
        try:
            if author is None or n >= MOST_FILES:
                raise Refused(_("Too many files."))
            work.part(partial(attach, mail, SimpleUploadedFile(name, content), actor=author))
        except Refused:
            left.append(name)
    if left:
        mail.remark = (_("Left in the mailbox: %(names)s") % {"names": "、".join(left)})[:400]
        mail.save(update_fields=["remark"])


def _tell(mail: Mail, thread: Thread, mailbox: Mailbox) -> None:
    """Whoever looks after the customer, or else after the mailbox, hears of it; not of automatic letters."""
    who = thread.account.owner if thread.account is not None else mailbox.owner
    if who is not None and not mail.automatic:
        words = {"name": thread.account or thread.name or thread.address, "subject": mail.subject}
        tell([who], _("E-mail from %(name)s: %(subject)s") % words, url=f"/mail/{thread.pk}/", icon="mail")

"""Writing to customers: answering a conversation or beginning one; each letter leaves once, by a job, or says why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import make_msgid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account, Contact
from guanxi.formats.values import BadValue
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.actions import MADE, Text, action
from guanxi.kernel.errors import Refused
from guanxi.mail.letters import LONGEST_TEXT, MOST_FILES, MOST_IDS, Draft, addresses, write
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.mail.queries import THREAD, mailboxes_in_use, recipient_of, signature_of, to_answer
from guanxi.mail.services.threads import IN, book, dealings, take_in
from guanxi.mail.wire import Trouble, hand_over
from guanxi.org.files import attach, path_of
from guanxi.org.models import Attachment, User
from guanxi.org.services import tell

ATTEMPTS = 6  # over some seventy minutes
HEAVIEST, MOST_COPIES = 20 * 1024 * 1024, 20
State = Mail.State


class Later(Exception):
    """This letter waits for its next attempt."""


@dataclass(frozen=True)
class Typed:
    """What somebody has written, and who gets a copy."""

    subject: str
    text: str
    copies: str = ""


def may_write(_row: Any, actor: User) -> bool:
    return bool(actor.may("add", THREAD) and mailboxes_in_use(actor.company))


def main_contact(account: Account) -> dict[str, Any]:
    """Whom a letter to this customer goes to unless somebody else is chosen."""
    rows = Contact.objects.filter(account=account, left_on=None).exclude(email="").order_by("-is_primary", "pk")
    return {"contact": rows.values_list("pk", flat=True).first()}


@action(Account, label=_("Write an e-mail"), icon="mail", bulk=False, permission="view", mine=may_write, lands=MADE,
        labels={"contact": _("To (empty: the customer’s own address)"), "subject": _("Subject"), "text": pgettext_lazy("mail", "Text"),
                "copies": _("Copies to (Cc)")},
        initial=main_contact)  # fmt: skip
def write_mail(
    account: Account, *, actor: User, contact: Contact | None = None, subject: str, text: Text, copies: str = ""
) -> Thread:  # fmt: skip
    """Begin a conversation by e-mail."""
    return begin(account, contact, Typed(subject, text, copies), actor=actor).thread


def begin(account: Account, contact: Contact | None, typed: Typed, *, actor: User) -> Mail:
    """The first letter of a conversation with a customer, in line to be sent; what is to go with it is attached in the same unit."""
    if contact is not None and contact.account_id != account.pk:
        raise Refused(_("This person belongs to another customer."), field="contact")
    address = (contact or account).email
    if not address:
        raise Refused(_("No e-mail address is on file."), field="contact")
    thread = Thread(
        company_id=account.company_id, created_by=actor, mailbox_id=_box(actor), subject=_line(typed.subject), address=address.lower(),
        name=str(contact or account)[:100],
    )  # fmt: skip
    take_in(thread, account.pk, contact.pk if contact else None)
    thread.save()
    return post(thread, typed, actor=actor)


def _again(thread: Thread) -> dict[str, Any]:
    told = thread.subject if thread.subject.lower().startswith(("re:", "回复", "答复")) else f"Re: {thread.subject}"
    return {"subject": told[:200]}


@action(Thread, label=_("Reply"), icon="message-reply", bulk=False, permission="add", initial=_again,
        when=lambda thread: thread.account_id is not None, labels={"subject": _("Subject"), "text": pgettext_lazy("mail", "Text"), "copies": _("Copies to (Cc)")})  # fmt: skip
def reply(thread: Thread, *, actor: User, subject: str, text: Text, copies: str = "") -> Thread:
    """Answer the last letter of the conversation."""
    if thread.account_id is None:
        raise Refused(_("First say which customer this is."))
    post(thread, Typed(subject, text, copies), actor=actor, answers=to_answer(thread))
    return thread


def _box(actor: User, wanted: int = 0) -> int:
    """The mailbox a letter leaves from: this one, or the company's first that is in use."""
    usable = mailboxes_in_use(actor.company)
    if not usable:
        raise Refused(_("No mailbox of the company is set up."))
    return wanted if wanted in usable else usable[0]


def _line(text: str) -> str:
    line = " ".join(text.split())[:200]
    if not line:
        raise Refused(_("Write a subject."), field="subject")
    return line


def _copies(text: str, but: str) -> str:
    try:
        found = [one for one in addresses(text) if one != but]
    except BadValue as error:
        raise Refused(str(error), field="copies") from error
    if len(found) > MOST_COPIES:
        raise Refused(_("At most %(n)s copies.") % {"n": MOST_COPIES}, field="copies")
    return ", ".join(found)


def post(thread: Thread, typed: Typed, *, actor: User, answers: Mail | None = None) -> Mail:
    """Put a letter in line; it is sent once this unit has been committed, with what is attached to it by then."""
    if not typed.text.strip():
        raise Refused(_("Write a text."), field="text")
    box = Mailbox.objects.get(pk=_box(actor, thread.mailbox_id))
    reader = recipient_of(thread, answers)[1]
    chain = [*answers.references.split(), answers.message_id] if answers is not None else []
    mail = Mail(
        company_id=thread.company_id, created_by=actor, thread=thread, mailbox=box, direction=Mail.Direction.OUT,
        state=State.WAITING, message_id=make_msgid(domain=box.address.rpartition("@")[2]), subject=_line(typed.subject),
        references=" ".join(chain[-MOST_IDS:]), sender=box.address, sender_name=actor.name, recipients=reader,
        copies=_copies(typed.copies, reader), text=typed.text.strip()[:LONGEST_TEXT], signature=signature_of(actor, box),
    )  # fmt: skip
    mail.save()
    thread.last_at = clock.now()
    thread.save(update_fields=["last_at"])
    send.enqueue(user=actor, unique=f"mail.send:{mail.pk}", mail=mail.pk)
    return mail


def enclose(mail: Mail, uploads: Sequence[UploadedFile[Any]], *, actor: User) -> None:
    """Files that go with the letter, in the same unit as the letter itself."""
    if len(uploads) > MOST_FILES:
        raise Refused(_("Too many files."), field="file")
    if sum(upload.size or 0 for upload in uploads) > HEAVIEST:
        words = {"n": HEAVIEST // 1024 // 1024}
        raise Refused(
            _("The files are larger than %(n)s MB together: most servers take no such e-mail.") % words, field="file"
        )
    for upload in uploads:
        attach(mail, upload, actor=actor)


def enclosed(mail: Mail) -> tuple[tuple[str, bytes], ...]:
    rows = Attachment.objects.filter(label="mail.mail", object_id=mail.pk).order_by("pk")
    return tuple((row.name, path_of(row.digest).read_bytes()) for row in rows)


@action(Mail, label=_("Send again"), icon="send", bulk=False, permission="add", lands="thread",
        when=lambda mail: mail.state == State.FAILED)  # fmt: skip
def send_again(mail: Mail, *, actor: User) -> Mail:
    """Another attempt at a letter that has not left."""
    if not Mail.objects.take(mail.pk, {"state": State.FAILED}, {"state": State.WAITING, "problem": ""}):
        raise Refused(_("This e-mail is not waiting for another attempt."))
    send.enqueue(user=actor, unique=f"mail.send:{mail.pk}", mail=mail.pk)
    return mail


@jobs.job("mail.send", attempts=ATTEMPTS + 1)  # the last one only tells that a worker died
def send(run: jobs.Run, mail: int) -> dict[str, str]:
    """Hand one letter to the server.  What may have left already is never sent again by itself."""
    row = Mail.objects.select_related("mailbox", "thread__account__owner", "created_by").get(
        pk=mail, company_id=run.job.company_id
    )
    if row.state == State.LEAVING:
        words = _t("Sending was interrupted: it may have arrived. Ask before sending it again.")
        return _failed(row, Trouble(words, lasting=True))
    data = write(
        Draft(row.message_id, row.sender, row.mailbox.name, row.recipients, row.subject, row.text, clock.now(),
              row.references.split()[-1] if row.references else "", row.references,
              row.copies, row.signature, enclosed(row))
    ).as_bytes()  # fmt: skip
    run.fence()
    if not Mail.objects.filter(pk=row.pk, state=State.WAITING).update_silently(state=State.LEAVING):
        return {"state": row.state}
    try:
        hand_over(row.mailbox.smtp, row.sender, [row.recipients, *addresses(row.copies)], data)
    except Trouble as trouble:
        if trouble.lasting or run.attempt >= ATTEMPTS:
            return _failed(row, trouble)
        Mail.objects.filter(pk=row.pk).update_silently(state=State.WAITING, problem=str(trouble))
        raise Later from None  # the job comes back by itself; logs and jobs do not repeat what servers say of people
    work.unit_of_work(lambda: _sent(row.pk), verb="mail.sent")
    return {"state": State.SENT}


def _failed(row: Mail, trouble: Trouble) -> dict[str, str]:
    Mail.objects.filter(pk=row.pk).update_silently(state=State.FAILED, problem=str(trouble))
    writer = row.created_by
    if writer is not None:
        words = _t("Your e-mail “%(subject)s” was not sent. %(why)s") % {"subject": row.subject, "why": trouble}
        work.unit_of_work(lambda: tell([writer], words, url=f"/mail/{row.thread_id}/", icon="alert-triangle"))
    return {"state": State.FAILED}


def _sent(pk: int) -> None:
    """The letter is out: a dealing of its own, and the answer to what waited in this conversation."""
    row = Mail.objects.select_related("thread__account", "created_by").get(pk=pk)
    row.state, row.at, row.problem = State.SENT, clock.now(), ""
    row.save(update_fields=["state", "at", "problem"])
    book(row)
    for waiting in dealings(row.thread).filter(direction=IN, answered_at=None, at__lte=row.at):
        waiting.answer, waiting.answered_at, waiting.answered_by = row.text[:2000], row.at, row.created_by
        waiting.save(update_fields=["answer", "answered_at", "answered_by"])
    thread = row.thread
    thread.last_at = max(thread.last_at, row.at)
    thread.save(update_fields=["last_at"])

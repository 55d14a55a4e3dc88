"""Setting mailboxes up, fetching, assigning, writing and sending e-mails."""

from guanxi.mail.services import fetching, mailboxes, sending, threads

__all__ = ["fetching", "mailboxes", "sending", "threads"]

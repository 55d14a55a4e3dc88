"""Mail servers, a mailbox connected with them, and turns of its job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils.translation import override

from guanxi.conftest import Hire, saved
from guanxi.kernel import jobs
from guanxi.kernel.models import Company, Job
from guanxi.mail.models import Mailbox
from guanxi.mail.tests.servers import SECRET, USER, Imap, Smtp
from guanxi.org.models import Department, User


@pytest.fixture(autouse=True)
def chinese(settings: Any) -> Iterator[None]:
    settings.LANGUAGE_CODE = "zh-hans"
    with override("zh-hans"):
        yield


@pytest.fixture
def imap() -> Iterator[Imap]:
    server = Imap()
    yield server
    server.stop()


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    server = Smtp()
    yield server
    server.stop()


@pytest.fixture
def clerk(hire: Hire, headquarters: Department) -> User:
    """Answers for the mailbox and lays letters where they belong."""
    return hire("clerk", "relations-specialist", headquarters, name="何清")


@pytest.fixture
def mailbox(company: Company, clerk: User, imap: Imap, smtp: Smtp) -> Mailbox:
    row = Mailbox(
        company=company, name="远航客服", address=USER, owner=clerk, department=clerk.department,
        imap_host="127.0.0.1", imap_port=imap.port, imap_security="none",
        smtp_host="127.0.0.1", smtp_port=smtp.port, smtp_security="none",
    )  # fmt: skip
    row.keep_secret(SECRET)
    return saved(row)  # type: ignore[no-any-return]


Turn = Callable[[], Mailbox]


@pytest.fixture
def turn(mailbox: Mailbox) -> Turn:
    """One round of the job; what waits for another attempt gets it."""

    def one() -> Mailbox:
        jobs.task("mail.round").enqueue()
        Job.objects.filter(state="ready").update(run_at=mailbox.created_at)
        jobs.work_off()
        return Mailbox.objects.get(pk=mailbox.pk)

    return one

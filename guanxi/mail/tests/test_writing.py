"""Letters with files, copies and a signature; and encrypted lines to servers, with what is wrong said plainly."""

from __future__ import annotations

from collections.abc import Iterator
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.mail.tests.conftest import Turn
from guanxi.mail.tests.servers import SECRET, USER, Imap, Papers, Smtp, Wrapped, papers
from guanxi.mail.tests.test_mail import BUYER, account, do, page
from guanxi.mail.wire import Server, Trouble, hand_over, inbox, outlet
from guanxi.org.models import Attachment, User

pytestmark = pytest.mark.django_db
PDF, HOST = b"%PDF-1.7 quote", "127.0.0.1"
INQUIRY = f"""From: Buyer <{BUYER}>
To: {USER}, colleague@jia.example
Cc: boss@jia.example, {USER}
Subject: Inquiry
Message-ID: <m1@jia.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=cut

--cut
Content-Type: text/plain; charset=utf-8

Two pumps, please.
--cut
Content-Type: application/pdf
Content-Disposition: attachment; filename="drawing.pdf"

%PDF-1.4 drawing
--cut--
""".encode()


@pytest.mark.req("COMM-01")
def test_a_letter_takes_files_copies_and_the_writers_signature_along(
    client: Client, seller: User, mailbox: Mailbox, imap: Imap, smtp: Smtp, turn: Turn, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    mailbox.signature = "苏州远航设备有限公司\n400-100-2000"
    Mailbox.objects.filter(pk=mailbox.pk).update_silently(signature=mailbox.signature)
    account(seller)
    imap.deliver(INQUIRY)
    turn()
    thread, asked = Thread.objects.get(), Mail.objects.get()
    assert (asked.recipients, asked.copies) == (f"{USER}, colleague@jia.example", f"boss@jia.example, {USER}")
    assert Attachment.objects.get(object_id=asked.pk).name == "drawing.pdf"
    client.force_login(seller)
    assert f'href="/mail/{thread.pk}/write/"' in page(client, f"/mail/{thread.pk}/do/reply/")
    form = page(client, f"/mail/{thread.pk}/write/")
    assert 'value="colleague@jia.example, boss@jia.example"' in form, "who had the letter gets the answer, we do not"
    assert "400-100-2000" in form and 'type="file"' in form
    sent = {"subject": "Re: Inquiry", "text": "报价见附件。", "copies": "boss@jia.example；Lin@jia.example", "key": "k"}
    wrong = client.post(f"/mail/{thread.pk}/write/", {**sent, "copies": "boss@@jia", "key": "w"})
    assert wrong.status_code == 422 and "报价见附件。" in wrong.content.decode(), "what was typed is still there"
    bad = client.post(f"/mail/{thread.pk}/write/", {**sent, "key": "b", "file": SimpleUploadedFile("报价.exe", b"MZ")})
    assert (bad.status_code, Mail.objects.count()) == (422, 1), "a file that is not taken keeps the letter back"
    files = [SimpleUploadedFile("报价单.pdf", PDF), SimpleUploadedFile("list.csv", b"a,b")]
    assert client.post(f"/mail/{thread.pk}/write/", {**sent, "file": files}).status_code == 302
    turn()
    ((_sender, recipients, _data),) = smtp.taken
    assert recipients == [BUYER, "boss@jia.example", "lin@jia.example"]
    letter: Any = smtp.letters[0]
    assert (letter["To"], letter["Cc"]) == (BUYER, "boss@jia.example, lin@jia.example")
    text, *enclosed = [part for part in letter.walk() if not part.is_multipart()]
    words = text.get_payload(decode=True).decode()
    assert words.replace("\r\n", "\n").startswith(f"报价见附件。\n\n-- \n{seller.name}") and "400-100-2000" in words
    names = [str(make_header(decode_header(part.get_filename()))) for part in enclosed]
    assert list(zip(names, [part.get_payload(decode=True) for part in enclosed], strict=True)) == [
        ("报价单.pdf", PDF), ("list.csv", b"a,b"),
    ]  # fmt: skip
    seen = page(client, f"/mail/{thread.pk}/")
    assert all(word in seen for word in ("drawing.pdf", "报价单.pdf", "抄送", "lin@jia.example"))


@pytest.mark.req("COMM-01")
def test_a_new_letter_with_a_file_begins_on_its_page_and_a_refused_copy_sends_nothing(
    client: Client, seller: User, rival: User, mailbox: Mailbox, smtp: Smtp, turn: Turn, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    card = account(seller)
    Account.objects.filter(pk=card.pk).update_silently(email="office@jia.example")
    client.force_login(rival)
    assert client.get(f"/mail/write/{card.pk}/").status_code == 404
    client.force_login(seller)
    assert f'href="/mail/write/{card.pk}/"' in page(client, f"/customers/{card.pk}/do/write_mail/")
    sent = {"subject": "新品", "text": "请看附件。", "contact": "", "copies": "gone@jia.example", "key": "n"}
    upload = SimpleUploadedFile("新品.pdf", PDF)
    smtp.refused = "gone@jia.example"
    assert client.post(f"/mail/write/{card.pk}/", {**sent, "file": upload}).status_code == 302
    turn()
    mail = Mail.objects.get()
    assert (mail.state, smtp.taken) == ("failed", []), "all readers or none"
    assert mail.problem.startswith("gone@jia.example: ")
    smtp.refused = ""
    assert do(client, mail, "send_again") == 302
    turn()
    assert [recipients for _sender, recipients, _data in smtp.taken] == [["office@jia.example", "gone@jia.example"]]
    assert PDF in [part.get_payload(decode=True) for part in smtp.letters[0].walk()]


# -- encrypted lines ---------------------------------------------------------------------------------------------------


@pytest.fixture
def good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Papers:
    """The certificate of these servers, and an authority of the company that vouches for it."""
    made = papers(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.cert))
    return made


@pytest.fixture
def tls_imap(good: Papers) -> Iterator[Imap]:
    server = Imap(good)
    yield server
    server.stop()


def at(port: int, security: str, secret: str = SECRET) -> Server:
    return Server(HOST, port, security, USER, secret)


def trouble(line: Any) -> str:
    with pytest.raises(Trouble) as found, line:
        pass
    assert found.value.lasting, "nobody but a person can mend it"
    return str(found.value)


@pytest.mark.req("COMM-01")
def test_letters_are_fetched_over_starttls_and_over_tls_from_the_first_octet_on(
    tls_imap: Imap, imap: Imap, good: Papers
) -> None:
    wrapped = Wrapped(imap.port, good)
    try:
        for behind, server in ((tls_imap, at(tls_imap.port, "starttls")), (imap, at(wrapped.port, "ssl"))):
            behind.deliver(INQUIRY)
            with inbox(server) as box:
                newest = box.after(0, clock.today())[-1]
                assert b"Two pumps, please." in box.fetch(newest)[0]
            assert "用户名或密码不正确" in trouble(inbox(at(server.port, server.security, "wrong")))
    finally:
        wrapped.stop()


@pytest.mark.req("COMM-01")
def test_letters_leave_over_starttls_and_over_tls_from_the_first_octet_on(good: Papers) -> None:
    for security, server in (("ssl", Smtp(first=good)), ("starttls", Smtp(later=good))):
        try:
            hand_over(at(server.port, security), USER, [BUYER], b"Subject: x\r\n\r\nx")
            assert len(server.taken) == 1
            assert "用户名或密码不正确" in trouble(outlet(at(server.port, security, "wrong")))
        finally:
            server.stop()


@pytest.mark.req("COMM-01")
def test_a_wrong_certificate_or_encryption_is_said_in_words(
    good: Papers, tmp_path: Path, imap: Imap, smtp: Smtp
) -> None:
    other = papers(tmp_path, "mail.other.example")
    strange, late = Smtp(first=other), Smtp(later=good)
    try:
        assert "证书不受信任" in trouble(outlet(at(strange.port, "ssl"))), "not signed by anybody known"
        assert "TLS" in trouble(outlet(at(smtp.port, "ssl"))), "a server that speaks plainly"
        assert "不支持 STARTTLS" in trouble(outlet(at(smtp.port, "starttls")))
        assert "不支持 STARTTLS" in trouble(inbox(at(imap.port, "starttls")))
        assert "请选择 SSL/TLS 或 STARTTLS" in trouble(outlet(at(late.port, "none"))), "no password over an open line"
    finally:
        strange.stop()
        late.stop()

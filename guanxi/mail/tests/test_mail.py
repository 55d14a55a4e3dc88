"""E-mail over real servers: fetched once, found on the customer's line of time, assigned, answered (COMM-01, COMM-02)."""

from __future__ import annotations

from datetime import timedelta
from email.header import decode_header, make_header
from email.utils import format_datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.interactions.models import Interaction
from guanxi.interactions.services.seed import seed
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Company, Job
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.mail.services.sending import ATTEMPTS
from guanxi.mail.tests.conftest import Turn
from guanxi.mail.tests.servers import SECRET, USER, Imap, Smtp
from guanxi.org.models import Attachment, Notice, User

pytestmark = pytest.mark.django_db(transaction=False)
BUYER = "buyer@jia.example"


def account(owner: User, name: str = "甲公司", email: str = BUYER, **values: Any) -> Account:
    card = saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))
    saved(Contact(company=owner.company, account=card, name=f"{name}王工", email=email, is_primary=True))
    return card


def letter(n: int, subject: str = "Price", text: str = "Please quote.", sender: str = BUYER, heads: str = "") -> bytes:
    at = format_datetime(clock.now() - timedelta(minutes=60 - n))
    head = (
        f"From: Buyer <{sender}>\nTo: {USER}\nDate: {at}\nMessage-ID: <m{n}@jia.example>\nSubject: {subject}\n{heads}"
    )
    return f"{head}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def do(client: Client, row: Any, verb: str, key: str = "", **values: Any) -> int:
    slug = {Thread: "mail", Mail: "mail-letters", Mailbox: "mailboxes", Account: "customers"}[type(row)]
    return client.post(f"/{slug}/{row.pk}/do/{verb}/", {**values, "key": key or f"{verb}{values}"}).status_code


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.mark.req("COMM-01")
def test_a_letter_of_a_known_contact_lands_once_on_the_customers_line_of_time(
    client: Client, seller: User, mailbox: Mailbox, imap: Imap, turn: Turn
) -> None:
    card = account(seller, email="Buyer@Jia.Example")
    imap.deliver(letter(1, text="请报价：\n> old words\nconveyor"))
    assert turn().works
    turn()
    row = Interaction.objects.get()
    assert (row.account, row.contact and row.contact.name, row.owner, row.channel, row.direction) == (
        card, "甲公司王工", seller, "email", "in",
    )  # fmt: skip
    assert row.content == "Price\n请报价：\nconveyor"
    client.force_login(seller)
    assert "conveyor" in page(client, f"/customers/{card.pk}/")
    assert "old words" in page(client, f"/mail/{Thread.objects.get().pk}/")
    assert list(Notice.objects.values_list("user", flat=True)) == [seller.pk]
    # The server was set up anew and numbers everything from the start: what is known is not taken in again.
    Mailbox.objects.filter(pk=mailbox.pk).update_silently(uid_validity=1, last_uid=0)
    turn()
    imap.deliver(letter(2, "Second"))
    turn()
    assert list(Interaction.objects.order_by("at").values_list("content", flat=True))[1].startswith("Second")
    assert Interaction.objects.count() == Mail.objects.count() == 2


@pytest.mark.req("COMM-01")
def test_a_turn_that_was_killed_half_way_goes_on_where_it_stopped(
    seller: User, mailbox: Mailbox, imap: Imap, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(seller)
    imap.deliver(letter(1, "One"), letter(2, "Two"), letter(3, "Three"))

    def dies(_attempt: int) -> None:
        if Mail.objects.filter(subject="Two").exists():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(work, "inject_fault", dies)
        with pytest.raises(KeyboardInterrupt):
            turn()
    assert list(Mail.objects.values_list("subject", flat=True)) == ["One"]
    Job.objects.filter(state="running").update(leased_until=clock.now() - timedelta(minutes=5))
    turn()
    assert sorted(Mail.objects.values_list("subject", flat=True)) == ["One", "Three", "Two"]
    assert Interaction.objects.count() == 3


@pytest.mark.req("COMM-01")
def test_letters_of_every_handwriting_are_readable(
    client: Client, seller: User, mailbox: Mailbox, imap: Imap, turn: Turn
) -> None:
    account(seller)
    at = format_datetime(clock.now()).encode()
    head = b"From: =?gb2312?B?zfW5pA==?= <" + BUYER.encode() + b">\nDate: " + at + b"\n"
    coded = "=?gb18030?b?" + __import__("base64").b64encode("询价㐀".encode("gb18030")).decode() + "?="
    imap.deliver(
        head + b"Subject: " + coded.encode() + b"\nMessage-ID: <g1@x>\nContent-Type: text/plain; charset=gb2312\n"
        b"Content-Transfer-Encoding: base64\n\n" + __import__("base64").b64encode("要十台𠮷".encode("gb18030")) + b"\n",
        head + "Subject: 没有编码".encode("gb18030") + b"\nMessage-ID: <g2@x>\nContent-Type: text/html; charset=utf-8\n"
        b"Content-Transfer-Encoding: quoted-printable\n\n<style>x{}</style><p>=E5=8F=AA=E6=9C=89</p><script>1</script>\n",
        head + b"Subject: =?utf-8?q?=E9=99=84?= =?utf-8?q?=E4=BB=B6?=\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=nonsense\n\n"
        + "见附件\x00".encode() + b"\n--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        b"Content-Disposition: attachment; filename*=utf-8''%E6%B8%85%E5%8D%95.pdf\n\nJVBERi0xLjQK\n"
        b"--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=run.exe\n\nMZ\n--b--\n",
        b"\xff\xfe\x00 no letter at all",
    )  # fmt: skip
    turn()
    found = {row.subject: row for row in Mail.objects.filter(sender=BUYER)}
    assert {subject: row.text for subject, row in found.items()} == {
        "询价㐀": "要十台𠮷", "没有编码": "只有", "附件": "见附件",
    }  # fmt: skip
    assert found["询价㐀"].sender_name == "王工"
    file = Attachment.objects.get(label="mail.mail", object_id=found["附件"].pk)
    assert (file.name, found["附件"].remark) == ("清单.pdf", "没有收取，仍在邮箱中：run.exe")
    client.force_login(seller)
    assert f"/files/{file.pk}/" in page(client, f"/mail/{found['附件'].thread_id}/")
    assert client.get(reverse("file", args=[file.pk])).status_code == 200
    assert Mail.objects.filter(sender="").count() == 1


@pytest.mark.req("COMM-01")
def test_a_letter_too_large_to_fetch_is_told_by_its_head(
    seller: User, imap: Imap, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(seller)
    monkeypatch.setattr("guanxi.mail.wire.LARGEST", 2000)
    imap.deliver(letter(1, "Large", text="x" * 3000), letter(2, "Small"))
    turn()
    large, small = Mail.objects.order_by("at")
    assert (large.subject, large.text, "正文和全部附件" in large.remark) == ("Large", "", True)
    assert (small.subject, small.text, small.remark) == ("Small", "Please quote.", "")


@pytest.mark.req("COMM-01")
def test_a_letter_that_cannot_be_stored_keeps_nobody_else_back(
    seller: User, imap: Imap, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(seller)

    def fails(mail: Mail, *_args: Any) -> None:
        if mail.subject == "Odd":
            raise ValueError

    imap.deliver(letter(1, "Odd"), letter(2, "Next"))
    with monkeypatch.context() as patch:
        patch.setattr("guanxi.mail.services.fetching._keep_files", fails)
        turn()
    assert sorted(Mail.objects.values_list("subject", "sender")) == [("Next", BUYER), ("（无主题）", BUYER)]


@pytest.mark.req("COMM-01", "COMM-02")
def test_letters_of_strangers_wait_until_somebody_says_whose_they_are(
    client: Client, seller: User, clerk: User, imap: Imap, turn: Turn
) -> None:
    card = account(seller)
    imap.deliver(letter(1, "Who am I", sender="new@yi.example"), letter(2, "Buy now", sender="ads@bing.example"))
    turn()
    assert (Interaction.objects.count(), set(Thread.objects.values_list("state", flat=True))) == (0, {"waiting"})
    asked, advert = Thread.objects.order_by("last_at")
    client.force_login(seller)
    assert client.get(f"/mail/{asked.pk}/").status_code == 404
    assert "Who am I" not in page(client, "/mail/")
    assert do(client, asked, "assign", account=card.pk) == 403
    client.force_login(clerk)
    assert "Who am I" in page(client, "/mail/?view=unassigned")
    assert do(client, advert, "set_aside", why="广告") == 302
    assert do(client, asked, "assign", account=card.pk) == 302
    page(client, "/me/")  # where the messages of what was done are read
    shown = page(client, "/mail/?view=unassigned")
    assert ("Who am I" in shown, "Buy now" in shown) == (False, False)
    client.force_login(seller)
    assert "Who am I" in page(client, f"/customers/{card.pk}/") and "Who am I" in page(
        client, "/interactions/?view=unanswered"
    )
    imap.deliver(letter(3, "Me again", sender="new@yi.example"))
    turn()
    assert Interaction.objects.get(content__startswith="Me again").account == card
    other = account(seller, "乙公司", email="x@yi.example")
    client.force_login(clerk)
    assert do(client, asked, "assign", account=other.pk) == 302
    assert Interaction.objects.get(content__startswith="Who am I").account == other
    # An address entered on a file later settles its open conversation with the next letter.
    account(seller, "丙公司", email="ads@bing.example")
    imap.deliver(letter(4, "Buy!", sender="ads@bing.example", heads="In-Reply-To: <m2@jia.example>\n"))
    turn()
    assert Interaction.objects.filter(account__name="丙公司", object_id=advert.pk).count() == 2


@pytest.mark.req("COMM-01", "COMM-02", "COMM-04")
def test_an_answer_leaves_once_and_stays_in_the_conversation(
    client: Client, company: Company, seller: User, mailbox: Mailbox, imap: Imap, smtp: Smtp, turn: Turn
) -> None:
    work.unit_of_work(lambda: seed(company))
    card = account(seller)
    imap.deliver(letter(1, "询价", heads="References: <m0@jia.example>\n"))
    turn()
    client.force_login(seller)
    thread = Thread.objects.get()
    assert "询价" in page(client, "/interactions/?view=unanswered") and "询价" in page(client, "/")
    form = page(client, f"/mail/{thread.pk}/do/reply/")
    assert "Re: 询价" in form and BUYER in form and "<c-phrases" in form
    for _twice in range(2):
        assert do(client, thread, "reply", "one key", subject="Re: 询价", text="您好，\n报价如下。") == 302
    turn()
    assert len(smtp.taken) == 1
    sender, recipients, _data = smtp.taken[0]
    sent = smtp.letters[0]
    assert (sender, recipients, sent["In-Reply-To"], sent["References"]) == (
        USER, [BUYER], "<m1@jia.example>", "<m0@jia.example> <m1@jia.example>",
    )  # fmt: skip
    assert str(make_header(decode_header(sent["Subject"]))) == "Re: 询价"
    assert "报价如下" in sent.get_payload(decode=True).decode()  # type: ignore[union-attr]
    question, answer = Interaction.objects.order_by("at")
    assert (question.answered_by, question.answer, answer.direction, answer.owner) == (
        seller, "您好，\n报价如下。", "out", seller,
    )  # fmt: skip
    page(client, "/me/")  # where the messages of what was done are read
    assert "询价" not in page(client, "/interactions/?view=unanswered")
    imap.deliver(letter(5, "Re: Re: 询价", heads=f"In-Reply-To: {sent['Message-ID']}\n", sender="boss@jia.example"))
    turn()
    assert Thread.objects.count() == 1 and Interaction.objects.filter(account=card).count() == 3
    assert "boss@jia.example" in page(client, f"/mail/{thread.pk}/do/reply/")
    line = page(client, f"/customers/{card.pk}/")
    assert line.count(f'href="/mail/{thread.pk}/"') == 1 and "报价如下" in line


@pytest.mark.req("COMM-01")
def test_another_customer_who_answers_gets_a_conversation_of_its_own(
    client: Client, seller: User, rival: User, imap: Imap, turn: Turn
) -> None:
    card, other = account(seller), account(rival, "乙公司", email="b@yi.example")
    imap.deliver(letter(1, "询价"), letter(2, "Fwd", heads="In-Reply-To: <m1@jia.example>\n", sender="b@yi.example"))
    turn()
    assert set(Interaction.objects.values_list("account", flat=True)) == {card.pk, other.pk}
    mine, theirs = Thread.objects.get(account=card), Thread.objects.get(account=other)
    mail = Mail.objects.get(thread=theirs)
    client.force_login(seller)
    urls = (f"/mail/{mine.pk}/", f"/mail/{theirs.pk}/", f"/mail-letters/{mail.pk}/", f"/api/mail/{theirs.pk}/")
    assert [client.get(url).status_code for url in urls] == [200, 404, 404, 404]
    assert do(client, theirs, "reply", subject="x", text="x") == 404
    assert "Fwd" not in page(client, "/mail/") and "Fwd" not in page(client, "/mail-letters/")


@pytest.mark.req("COMM-01")
def test_a_server_that_is_down_is_told_and_tried_again(
    client: Client, seller: User, mailbox: Mailbox, smtp: Smtp, turn: Turn
) -> None:
    card = account(seller)
    client.force_login(seller)
    form = page(client, f"/customers/{card.pk}/do/write_mail/")
    person = Contact.objects.get()
    assert f'<option value="{person.pk}" selected' in form
    smtp.stop()
    values = {"contact": person.pk, "subject": "新品", "text": "请看附页"}
    assert do(client, card, "write_mail", **values) == 302
    thread = Thread.objects.get()
    turn()
    shown = page(client, f"/mail/{thread.pk}/")
    assert "等待发送" in shown and f"127.0.0.1:{smtp.port} 拒绝连接" in shown
    assert not Interaction.objects.exists()
    again = Smtp(smtp.port)
    turn()
    again.stop()
    assert [recipients for _sender, recipients, _data in again.taken] == [[BUYER]]
    assert Interaction.objects.get().content == "新品\n请看附页"
    assert Mail.objects.get().state == "sent" and Thread.objects.get().account == card


@pytest.mark.req("COMM-01")
def test_a_letter_that_is_refused_says_so_and_can_be_sent_again(
    client: Client, seller: User, mailbox: Mailbox, smtp: Smtp, turn: Turn
) -> None:
    card = account(seller)
    client.force_login(seller)
    smtp.answer = "550 spam"
    assert (
        do(client, card, "write_mail", subject="新品", text="请看附页") == 422
    )  # the customer has no address of its own
    assert do(client, card, "write_mail", contact=Contact.objects.get().pk, subject="新品", text="请看附页") == 302
    turn()
    mail = Mail.objects.get()
    shown = page(client, f"/mail/{mail.thread_id}/")
    assert "服务器答复：550 spam" in shown and f"/mail-letters/{mail.pk}/do/send_again/" in shown
    assert Notice.objects.filter(user=seller, text__contains="550 spam").count() == 1
    smtp.answer = ""
    for _twice in range(2):
        assert do(client, mail, "send_again", "k") == 302
    turn()
    assert (len(smtp.taken), Mail.objects.get().state) == (1, "sent")
    # A worker that died while it was sending: nobody knows, so nothing is sent by itself.
    Mail.objects.update_silently(state="leaving")
    jobs.task("mail.send").enqueue(user=seller, mail=mail.pk)
    turn()
    assert (len(smtp.taken), Mail.objects.get().state) == (1, "failed")


@pytest.mark.req("COMM-01")
def test_attempts_end_and_the_writer_is_told(
    client: Client, seller: User, mailbox: Mailbox, smtp: Smtp, turn: Turn
) -> None:
    card = account(seller)
    client.force_login(seller)
    smtp.answer = "451 later"
    assert do(client, card, "write_mail", contact=Contact.objects.get().pk, subject="新品", text="请看") == 302
    for n in range(ATTEMPTS):
        assert Mail.objects.get().state == "waiting", n
        turn()
    assert (Mail.objects.get().state, len(smtp.taken)) == ("failed", 0)
    assert Notice.objects.filter(user=seller, text__contains="451 later").count() == 1


@pytest.mark.req("COMM-01")
def test_a_mailbox_just_entered_leads_to_its_password(client: Client, owner: User, mailbox: Mailbox) -> None:
    client.force_login(owner)
    url = f"/mailboxes/{mailbox.pk}/"
    words = "尚未设置密码，不能收发邮件"
    assert words not in page(client, url)
    mailbox.sealed_secret = ""
    saved(mailbox)
    assert (words in page(client, url), f'data-dialog="{url}do/connect/"' in page(client, url)) == (True, True)


@pytest.mark.req("COMM-01")
def test_the_connection_is_checked_in_plain_words_and_the_password_stays_unseen(
    client: Client, owner: User, mailbox: Mailbox, smtp: Smtp, turn: Turn
) -> None:
    client.force_login(owner)
    url = f"/mailboxes/{mailbox.pk}/"
    assert do(client, mailbox, "check") == 302
    assert "收信和发信都正常" in page(client, url)
    assert do(client, mailbox, "connect", secret="wrong-secret-1") == 302
    wrong = "用户名或密码不正确"
    assert page(client, url).count(wrong) and page(client, url).split(wrong, 1)[1].count(wrong)
    turn()
    assert Mailbox.objects.get().next_at > clock.now()  # providers lock accounts that keep trying
    smtp.stop()
    assert do(client, mailbox, "connect", secret=SECRET) == 302
    assert f"发信：127.0.0.1:{smtp.port} 拒绝连接" in page(client, url)
    seen = [
        url,
        f"{url}history/",
        f"{url}edit/",
        f"{url}print/",
        "/mailboxes/",
        f"/api/mailboxes/{mailbox.pk}/",
        f"{url}do/connect/",
    ]
    exported = client.post("/mailboxes/export/", {"format": "csv"})
    pages = [*(page(client, one) for one in seen), getattr(exported, "content", b"").decode("utf-8", "replace")]
    sealed = Mailbox.objects.get().sealed_secret
    assert not [text for text in pages if SECRET in text or sealed in text or "wrong-secret-1" in text]


@pytest.mark.req("COMM-02")
def test_automatic_letters_wait_for_no_answer_and_our_own_are_left_alone(
    client: Client, seller: User, imap: Imap, turn: Turn
) -> None:
    account(seller)
    imap.deliver(letter(1, "Out of office", heads="Auto-Submitted: auto-replied\n"), letter(2, "Digest", sender=USER))
    turn()
    client.force_login(seller)
    assert Mail.objects.get().subject == "Out of office"
    assert "Out of office" not in page(client, "/interactions/?view=unanswered")
    assert not Notice.objects.exists()


@pytest.mark.req("COMM-02")
def test_what_an_e_mail_said_is_not_rewritten(client: Client, owner: User, imap: Imap, turn: Turn) -> None:
    account(owner)
    imap.deliver(letter(1))
    turn()
    row = Interaction.objects.get()
    client.force_login(owner)
    sent = {"version": row.version, "content": "改写", "key": "e"}
    assert client.post(f"/interactions/{row.pk}/edit/", sent).status_code == 403


@pytest.mark.req("COMM-01")
def test_a_company_without_a_mailbox_is_told_how_letters_come_in(
    client: Client, seller: User, owner: User, company: Company
) -> None:
    for person, way in ((seller, "由系统管理员设置"), (owner, 'href="/mailboxes/new/"')):
        client.force_login(person)
        page = client.get("/mail/").content.decode()
        assert "还没有收信的邮箱" in page and way in page
    saved(
        Mailbox(company=company, name="总邮箱", address="info@szyl.example", owner=owner, imap_host="imap.szyl.example")
    )
    assert "还没有收信的邮箱" not in client.get("/mail/").content.decode()

"""Scratch."""

import time


def test_pages(visit, seller, page):
    visit.go("/accounts/login/")
    visit.sees("登录")
    visit.enter(seller)
    for path in (
        "/",
        "/customers/",
        "/customers/new/",
        "/orders/",
        "/orders/?layout=board",
        "/customers/?layout=board",
        "/insight/",
        "/me/",
        "/search/?q=a",
        "/notifications/",
    ):
        t = time.time()
        s = visit.go(path)
        print(path, s, round(time.time() - t, 2))
        page.screenshot(
            path=f"/tmp/shots/{visit.narrow and 'n' or 'w'}{path.replace('/', '_').replace('?', '_')}.png"
        )

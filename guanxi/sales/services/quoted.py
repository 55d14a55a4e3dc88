"""An accepted quote becomes an order, once, at the prices it offered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.contracts.models import IN_FORCE, Contract
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.errors import Refused
from guanxi.offers.models import Quote
from guanxi.offers.services.quotes import lines_of
from guanxi.org.models import User
from guanxi.sales.models import Order, OrderLine
from guanxi.sales.services.orders import check_order, number_orders
from guanxi.sales.services.prices import gross_price


@action(Quote, label=_("Make the order"), icon="file-invoice", bulk=False, lands=MADE,
        when=lambda quote: quote.state == Quote.State.ACCEPTED,
        mine=lambda _quote, actor: actor.may("add", "sales.order"))  # fmt: skip
def make_order(quote: Quote, *, actor: User) -> Order:
    """A draft with the lines of the quote; asked again it opens the order there is."""
    if quote.state != Quote.State.ACCEPTED:
        raise Refused(_("Only an accepted quote becomes an order."))
    made: Order | None = Order.objects.filter(quote=quote).exclude(state=Order.State.CANCELLED).first()
    if made is not None:
        return made
    order = Order(
        company_id=quote.company_id, created_by_id=actor.pk, owner_id=quote.owner_id, department_id=quote.department_id,
        account_id=quote.account_id, quote=quote, contract=_contract_of(quote), currency=quote.currency,
        contact=str(quote.contact or "")[:60], remark=quote.remark,
    )  # fmt: skip
    check_order(order)
    number_orders([order])
    order.save()
    for line in lines_of(quote):
        line.quote = quote
        OrderLine(
            company_id=order.company_id, created_by_id=actor.pk, order=order, product_id=line.product_id,
            description=line.description, quantity=line.quantity, price=gross_price(line), discount=line.discount,
        ).save()  # fmt: skip
    return order


def _contract_of(quote: Quote) -> Contract | None:
    """The contract in force that was written from the quote, if there is just one."""
    found = list(Contract.objects.filter(quote=quote, state__in=IN_FORCE)[:2])
    return found[0] if len(found) == 1 else None

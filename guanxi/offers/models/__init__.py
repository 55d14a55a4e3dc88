"""What we ask for our products, and what we offer to whom."""

from guanxi.offers.models.prices import DiscountAuthority, PriceItem, PriceList
from guanxi.offers.models.quotes import Quote, QuoteLine
from guanxi.offers.models.reactions import Reaction

__all__ = ["DiscountAuthority", "PriceItem", "PriceList", "Quote", "QuoteLine", "Reaction"]

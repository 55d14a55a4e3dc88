"""The branch, the customer and the short ways of the tests of quotes."""

from guanxi.offers.tests.conftest import act, customer, midsummer, settled  # noqa: F401 -- fixtures

"""The branch, the customer and the products of the tests of quotes."""

from guanxi.offers.tests.conftest import act, customer, midsummer, pump, settled  # noqa: F401 -- fixtures

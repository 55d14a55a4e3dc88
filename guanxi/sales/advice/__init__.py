"""What to offer a customer next: beside an order, and on the way of a delivery (SALE-12..14)."""

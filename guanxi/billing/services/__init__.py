"""Issuing invoices, taking goods back, confirming balances, matching receipts."""

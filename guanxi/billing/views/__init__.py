"""Pages of money: ageing, statements of account, matching of receipts."""

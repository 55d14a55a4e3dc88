"""Questions about invoices, statements of account and the age of what is owed."""

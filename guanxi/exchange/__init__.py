"""Moving rows in and out: import with undo, export, and one field of many rows."""

"""Pages of the custodian that the shared machinery does not draw."""

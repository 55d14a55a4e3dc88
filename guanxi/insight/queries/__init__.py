"""What the dashboard and the customer's page ask."""

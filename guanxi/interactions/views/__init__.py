"""Pages of a day's visits, their forms, and routes."""

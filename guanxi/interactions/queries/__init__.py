"""What is asked of dealings: the rules in force, the day's visits, what is due, routes and time."""

"""Questions about calendars and bulletins."""

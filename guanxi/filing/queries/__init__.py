"""Questions about registrations, files and their inspection."""

"""Taking in files of any entity: match columns, check, run as a job that can be killed, undone and mended."""

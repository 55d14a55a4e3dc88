"""The demonstration company 远航设备: believable, the same on every machine, and made up from end to end."""

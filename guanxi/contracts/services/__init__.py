"""Reviewing, signing, filing, renewing and ending contracts; what both sides owe; disputes."""

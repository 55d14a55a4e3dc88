"""Sending notices by mail and by group robot."""

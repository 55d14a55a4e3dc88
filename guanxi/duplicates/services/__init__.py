"""Keeping keys, doubting what is about to be stored, screening, merging."""

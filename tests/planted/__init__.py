"""A planted year: a company whose every breach and near-miss is known beforehand, with what each clause must find."""

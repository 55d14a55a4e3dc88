"""Values as people write them: codes, phones, money, days, names, regions, search tokens and spreadsheets; no database."""

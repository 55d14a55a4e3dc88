"""The ledger of positive and negative incentives, with due process; measures, reports of colleagues, appraisal."""

"""The rulebook: clauses of the company's regulation as data, the duties they make, and how they are kept."""

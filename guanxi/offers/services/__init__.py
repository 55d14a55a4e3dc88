"""Setting prices, writing quotes and getting them released, and what customers said to offers."""

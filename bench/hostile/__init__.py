"""Files made to break whoever opens them, and what becomes of the product that does."""

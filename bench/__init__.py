"""Load, faults and measurements for the product; nothing of the product imports this."""

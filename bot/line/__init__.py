"""LINE at the edge: what comes from it and what goes to it, in its own formats."""

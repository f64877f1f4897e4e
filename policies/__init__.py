"""What the hospital decided: the decision table, the wording, and the pure functions over them."""

from pathlib import Path

# The shipped files seed version 1; after that the published versions in the database are the
# truth.
SHIPPED_TABLE = Path(__file__).with_name("decision_table.toml")
SHIPPED_WORDING = Path(__file__).with_name("wording.toml")

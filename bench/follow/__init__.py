"""Whether following a patient costs more when a million records are stored than when few are."""

"""Everything is killed at random moments, and at the end nothing is lost and nothing is double."""

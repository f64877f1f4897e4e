"""Pictures drawn for measuring the eyes: all data in them is invented."""

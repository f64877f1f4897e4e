"""What the PERSON detector knows of names: lists, letters, cue words. Data: README.md here."""

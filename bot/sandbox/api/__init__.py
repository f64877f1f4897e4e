"""The Messaging API: every module answers one family of endpoints, knowing nothing of Flask."""

"""The HTTP face: the Messaging API on one side, the page and its control API on the other."""

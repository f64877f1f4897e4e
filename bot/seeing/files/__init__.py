"""Files by their content: each format's reader turns one into text with places, and pictures."""

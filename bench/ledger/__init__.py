"""What sealing costs those who enter something, how far it is behind, and how fast checking is."""

"""Pictures and files → text with places, faces, codes. Runs in a process of its own."""

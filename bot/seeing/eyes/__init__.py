"""What the eyes do with one picture: lines and their letters, codes, faces, kinds of pictures."""

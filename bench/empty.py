"""A page that draws nothing: what is left is the frame every screen has."""

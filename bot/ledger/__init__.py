"""What happened, in a form that can be proved later. Pure."""

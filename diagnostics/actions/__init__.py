"""What changes more than one row or needs an actor."""

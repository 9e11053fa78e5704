"""What changes more than one record of a community, by a person."""

"""Tables from outside: read them, show every row's fate, take them in all or nothing."""

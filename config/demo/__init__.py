"""The demo municipality: fictional, alive, made anew from one seed."""

"""What people do in monitoring: keyword-only functions with `by=`, each in one transaction."""

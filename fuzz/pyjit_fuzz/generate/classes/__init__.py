"""Classes of generated programs."""

"""What runs within a tested interpreter: the standard library only, and as little as possible."""

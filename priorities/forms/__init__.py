"""What people fill in, checked before an action is asked."""

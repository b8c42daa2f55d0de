"""What each public page says: every string prepared, every list evaluated."""

"""What plan work asks: one small form for each kind of item, on one base."""

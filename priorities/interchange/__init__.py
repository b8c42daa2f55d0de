"""Files in and out: one table of columns an entity serves both directions."""

"""What people are told of the round, and how it reaches them; after commit only."""

"""The demonstration plan: the City's published figures, and made-up reports on top, marked so."""

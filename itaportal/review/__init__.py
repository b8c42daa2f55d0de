"""Reviewers' pages: what the read side builds, behind the doors of staff. See ADR 24."""

"""The benchmark: how fast the public pages are, and what that is compared with."""

"""Commands that need both floors."""

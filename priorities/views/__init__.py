"""The doors of the write side: fetch, ask permission, form, action, redirect."""

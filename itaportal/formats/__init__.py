"""How the framework writes dates where the portal does not spell them itself: in the admin."""

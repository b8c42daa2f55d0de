"""My updates: what is due, and what was said.

Stands last among the rooms: an address of two codes would catch theirs.
"""

from django.urls import path

from priorities.views import updates

ITEM = "updates/initiatives/<slug:plan>/<slug:initiative>/"

urlpatterns = [
    path("updates/", updates.updates, name="updates"),
    path(ITEM, updates.item, name="updates-item"),
    path(f"{ITEM}save/", updates.save, name="updates-save"),
    path(f"{ITEM}nothing-changed/", updates.repeat, name="updates-repeat"),
    path(f"{ITEM}draft/", updates.draft, name="updates-draft"),
    path(f"{ITEM}preview/", updates.preview, name="updates-preview"),
]

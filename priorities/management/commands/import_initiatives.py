"""``manage.py import_initiatives FILE``: see ``priorities.management.importing``."""

from priorities.enums import ImportKind
from priorities.management.importing import ImportCommand


class Command(ImportCommand):
    """Imports initiatives."""

    kind = ImportKind.INITIATIVES

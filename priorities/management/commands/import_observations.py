"""``manage.py import_observations FILE``: see ``priorities.management.importing``."""

from priorities.enums import ImportKind
from priorities.management.importing import ImportCommand


class Command(ImportCommand):
    """Imports observations."""

    kind = ImportKind.OBSERVATIONS

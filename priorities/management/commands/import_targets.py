"""``manage.py import_targets FILE``: see ``priorities.management.importing``."""

from priorities.enums import ImportKind
from priorities.management.importing import ImportCommand


class Command(ImportCommand):
    """Imports targets."""

    kind = ImportKind.TARGETS

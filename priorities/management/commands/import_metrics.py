"""``manage.py import_metrics FILE``: see ``priorities.management.importing``."""

from priorities.enums import ImportKind
from priorities.management.importing import ImportCommand


class Command(ImportCommand):
    """Imports metrics."""

    kind = ImportKind.METRICS

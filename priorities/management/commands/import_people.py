"""``manage.py import_people FILE``: see ``priorities.management.importing``."""

from priorities.enums import ImportKind
from priorities.management.importing import ImportCommand


class Command(ImportCommand):
    """Imports people."""

    kind = ImportKind.PEOPLE

"""What the clock does every day."""

from django.db import connection


def make_partitions() -> None:
    """Partitions for the months ahead of every partitioned table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rivet_create_partitions()")

"""Processes that read, wait a moment, and write what follows from what they read; started by test_lost_updates.

Arguments: SQLAlchemy URL, number of processes, number of transactions of each. Ends with the number that failed.
"""

import os
import sys
import time

from sqlalchemy import create_engine, insert, select, update

from govern import database
from govern.cluster.models import NumberSeries


def write(url, writer, transactions):
    engine = create_engine(url)
    database.prepare(engine)
    here = NumberSeries.name == "race"
    # On PostgreSQL a row that will be changed is locked when it is read; SQLite locks when the transaction begins.
    read = select(NumberSeries.last).where(here).with_for_update()
    for step in range(transactions):
        with engine.begin() as connection:
            seen = connection.scalars(read).one()
            time.sleep(0.0005)  # long enough for another process to come in between
            connection.execute(update(NumberSeries).where(here).values(last=seen + 1))
            connection.execute(insert(NumberSeries).values(name=f"writer {writer}", year=step, last=seen + 1))
    engine.dispose()


def main(url, processes, transactions):
    children = []
    for writer in range(processes):
        child = os.fork()
        if child == 0:
            write(url, writer, transactions)
            os._exit(0)
        children.append(child)
    return sum(os.waitpid(child, 0)[1] != 0 for child in children)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

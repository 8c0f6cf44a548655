"""What all wings stand on: world, clock, tables, records, sids, journal, snapshots, refusals."""

"""Seeded worlds in virtual time, with faults and people, and a ledger of their own."""

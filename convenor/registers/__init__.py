"""The published record: schools, trusts, local authorities, inspections and readings, each figure with its edition."""

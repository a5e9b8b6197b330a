"""Facts of England: identifiers, phases, school years, terms, working days, inspection vocabularies. Pure; each fact cites its source."""

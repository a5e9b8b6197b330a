"""The rules of a partnership, pure: its constitution as a file, what it says on any date, and what in it is broken.

``constitution``     Constitution, Area, Source, Tier, Body, ReportingLine, Seat, ExOfficio, Places, Cap, Belonging, Member, Appointment,
                     Problem, ConstitutionError; in_force, overlap, months_later, term_ends_on
``vocabulary``       PartnershipKind, Status, Hue, Part, How, Chairing, Per, Severity; BODY_KINDS, ROLES, PHASES, SCHOOL_TYPES
``reading``          parse(text) -> Constitution, raises ConstitutionError
``writing``          to_toml(constitution) -> str
``checking``         check(constitution, on) -> list[Problem]; RULES: every rule's code, severity and meaning
``structure``        describe(constitution, on) -> Structure(bodies: BodyNow(seat_list: SeatNow(holders: Holder)));
                     vacancies -> Vacancy, terms_ending and succession -> Succession
``representation``   representation(voices, schools) -> Representation; representation_of(constitution, on)
``roll``             Roll(constitution): bodies, seats and holders on a day, ex-officio seats derived
``shipped``          AREAS, PATTERNS, text_of(name), constitution_of(name): the constitutions that come with Convenor
``schema``, ``kinds_of_value``   every key a file may hold and how its value is read and written

Sources of the rules: Isos Partnership, "Local school improvement systems" (7 June 2019) and "Gloucestershire Education
Partnership" (7 February 2018), and the partnerships' own pages named in each constitution file.
"""

"""The site: addresses, home pages, School-at-a-glance, search; base templates and components."""

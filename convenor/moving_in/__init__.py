"""Moving in: a partnership's own spreadsheets, recognised, matched, previewed, saved whole and undone whole."""

"""Archive: which rows belong to a partnership, a school or a person; leaving with everything, coming back, taking a change back."""

"""What was done, by whom, when and why, and who looked at what is not public.

Rows here hold labels and keys, never foreign keys: nothing becomes undeletable because of its history."""

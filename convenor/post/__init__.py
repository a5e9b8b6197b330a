"""Letters and messages: an outbox from which they leave once the work that caused them is committed."""

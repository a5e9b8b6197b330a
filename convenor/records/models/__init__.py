"""Tables of the records: requests for information, legal holds, and what was deleted when its time came."""

from convenor.records.models.keeping import Hold, RetentionRun
from convenor.records.models.requests import InformationRequest, RequestItem, RequestStop

__all__ = ["Hold", "InformationRequest", "RequestItem", "RequestStop", "RetentionRun"]

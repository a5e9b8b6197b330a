"""The schema of what our published directory says beside the standard's own words: days of a school year, and evidence of quality.

`capacities` and `unit` are written as the standard has them from version 3.1 on (`service_capacity`), so that a reader of that version
understands them; `assurances` and `reach_km` are ours. A service of the standard holds these beside its own fields.
"""

from __future__ import annotations

from typing import Any, Final

from convenor.support.rules.states import AssuranceKind

_DAY: Final = {"type": "string", "format": "date"}
_UUID: Final = {"type": "string", "format": "uuid"}
_WORDS: Final = {"type": "string", "minLength": 1}

SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Support between schools: days and evidence of quality, beside a service of Open Referral",
    "type": "object",
    "required": ["id", "assurances"],
    "properties": {
        "id": _UUID,
        "capacities": {
            "type": "array",
            "description": "One for the school year; available and maximum are counted in half days",
            "items": {
                "type": "object",
                "required": ["id", "unit", "available", "maximum", "description", "updated"],
                "properties": {
                    "id": _UUID,
                    "service_id": _UUID,
                    "unit_id": _UUID,
                    "unit": {
                        "type": "object",
                        "required": ["id", "name"],
                        "properties": {"id": _UUID, "name": {"const": "Half day"}},
                    },
                    "available": {"type": "integer", "minimum": 0},
                    "maximum": {"type": "integer", "minimum": 0},
                    "description": {"type": "string", "pattern": "^School year \\d{4}-\\d{2}$"},
                    "updated": {"type": "string", "format": "date-time"},
                },
            },
        },
        "assurances": {
            "type": "array",
            "description": "What vouches for the quality of the support, each with its last day",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["kind", "assurer", "source", "assured_on", "valid_until_on"],
                "properties": {
                    "kind": {"enum": [each.value for each in AssuranceKind]},
                    "assurer": _WORDS,
                    "source": _WORDS,
                    "assured_on": _DAY,
                    "valid_until_on": _DAY,
                },
            },
        },
        "service_areas": {
            "type": "array",
            "items": {"type": "object", "properties": {"reach_km": {"type": "integer", "minimum": 1}}},
        },
    },
}

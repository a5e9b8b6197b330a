"""Grid references on a map."""

from convenor.registers.rules.grid import to_longitude_and_latitude


def test_grid_reference_becomes_longitude_and_latitude_within_ten_metres() -> None:
    # The Ordnance Survey's own worked example: A guide to coordinate systems in Great Britain, annexe C (here on WGS84).
    ((longitude, latitude),) = to_longitude_and_latitude([(651_410, 313_177)])
    assert abs(longitude - 1.716074) < 0.00015
    assert abs(latitude - 52.657977) < 0.0001


def test_places_keep_their_order_and_none_give_none() -> None:
    west, east = to_longitude_and_latitude([(300_000, 500_000), (600_000, 200_000)])
    assert (west[0] < east[0], west[1] > east[1]) == (True, True)
    assert to_longitude_and_latitude([]) == []

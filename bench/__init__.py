"""Measurements that anyone can run; never part of the tests. Each prints its figures beside a baseline taken in the same run."""

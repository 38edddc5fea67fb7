"""Notices sooner that a server is up: LocalStack checks its gateway every 0.3 s and the Kinesis engine every 0.5 s."""

from localstack.utils import sync

INTERVAL_S = 0.02
poll_condition = sync.poll_condition


def poll_often(condition, timeout=None, interval=0.5):
    return poll_condition(condition, timeout, min(interval, INTERVAL_S))


# Before serving.py imports it by its name.
sync.poll_condition = poll_often

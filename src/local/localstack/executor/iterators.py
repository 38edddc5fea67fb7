"""Lets a poller go on behind the last record that it read when its shard iterator has expired.

An iterator expires after 5 minutes, as while a function is paused in a debugger, or the machine sleeps. LocalStack (4.14.0,
stream_poller.py) then starts again at the mapping's starting position, and delivers every record again.
"""

from after_import import after_import


def keep_positions():
    after_import("localstack.services.lambda_.event_source_mapping.pollers.kinesis_poller", change)


def change(module):
    from botocore.exceptions import ClientError

    class Poller(module.KinesisPoller):
        is_reading = False

        def get_records(self, shard_iterator):
            shard = next((shard for shard, iterator in self.shards.items() if iterator == shard_iterator), None)
            self.is_reading = True
            try:
                response = super().get_records(shard_iterator)
            finally:
                self.is_reading = False
            if records := response.get("Records"):
                self.__dict__.setdefault("last", {})[shard] = records[-1]["SequenceNumber"]
            return response

        def initialize_shards(self):
            shards = super().initialize_shards()
            for shard, last in self.__dict__.get("last", {}).items() if self.is_reading else ():
                try:
                    shards[shard] = self.source_client.get_shard_iterator(
                        StreamARN=self.source_arn,
                        ShardId=shard,
                        ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                        StartingSequenceNumber=last,
                    )["ShardIterator"]
                except ClientError:
                    # It is a record of an earlier stream of this name.
                    continue
            return shards

    module.KinesisPoller = Poller

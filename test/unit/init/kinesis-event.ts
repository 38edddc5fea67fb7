import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

/** A sequence number like those of Kinesis: 56 digits, increasing. */
export const sequenceNumber = (index: number) =>
  `4959033827149025660855969253836157109592157598913658${String(8888 + index)}`;

/** A record as Lambda delivers it, with this base64 text as its data. */
export function record(data: string, index: number, shard = 'shardId-000000000006'): KinesisStreamRecord {
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: '1',
      sequenceNumber: sequenceNumber(index),
      data,
      approximateArrivalTimestamp: 1545084650.987,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shard}:${sequenceNumber(index)}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/lambda-role',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/hallow-event-stream',
  };
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');

export const BAD = {
  'bad base64': 'e30', // {} without padding
  'no base64': '{"a":1}',
  'bad JSON': base64('{"a":'),
  'invalid UTF-8': Buffer.from([0x22, 0xff, 0x22]).toString('base64'),
  'no data': '',
};

/** An event with these records: a string is bad raw data, anything else is sent as JSON. */
export function eventOf(...items: unknown[]): KinesisStreamEvent {
  return {
    Records: items.map((item, index) => record(typeof item === 'string' ? item : base64(JSON.stringify(item)), index)),
  };
}

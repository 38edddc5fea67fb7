// Preloaded into the Kinesis engine (NODE_OPTIONS): its clock is off by the milliseconds that the file KINESIS_CLOCK holds.
const { readFileSync } = require('node:fs');
const file = process.env.KINESIS_CLOCK;

if (file && process.argv[1]?.includes('kinesis-local')) {
  const RealDate = Date;
  const startedAt = performance.timeOrigin;
  const offMs = () => Number(readFileSync(file, 'utf8'));
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length > 0 ? given : [RealDate.now() + offMs()]));
    }
    static now() {
      return RealDate.now() + offMs();
    }
  };
  Object.defineProperty(performance, 'timeOrigin', { get: () => startedAt + offMs() });
}

// Preloaded into the Kinesis engine (NODE_OPTIONS): shifts its clock by the milliseconds in the file KINESIS_CLOCK.
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

// Stands where LocalStack looks for the Kinesis engine (kinesis-local), and runs it on 127.0.0.1 only, with an end at once
// on SIGTERM (its own takes up to 30 s) and when LocalStack has gone.
const { Server } = require('node:net');

const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  const callback = rest.findLast((argument) => typeof argument === 'function');
  return typeof port === 'number' ? listen.call(this, port, '127.0.0.1', callback) : listen.call(this, port, ...rest);
};

const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 250).unref();
process.on('SIGTERM', () => process.exit());

require('./real/main.js');

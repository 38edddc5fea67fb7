// Stands where LocalStack looks for the Kinesis engine (kinesis-local), and runs it on 127.0.0.1 only, with an end at once
// on SIGTERM (its own takes up to 30 s) and when LocalStack has gone.
const { Server, Socket } = require('node:net');

// The engine calls read() once for each 'readable' event and expects all that has arrived. Since Node 26 read() returns one
// buffer of it (nodejs/node#60441), so that a request in two buffers can stay unread: for 60 s its mapping's poller, which waits
// for the answer, delivers nothing.
const { read } = Socket.prototype;
Socket.prototype.read = function (size) {
  return read.call(this, size === undefined && this.readableLength > 0 ? this.readableLength : size);
};

const { listen } = Server.prototype;
Server.prototype.listen = function (port, ...rest) {
  const callback = rest.findLast((argument) => typeof argument === 'function');
  return typeof port === 'number' ? listen.call(this, port, '127.0.0.1', callback) : listen.call(this, port, ...rest);
};

const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 250).unref();
process.on('SIGTERM', () => process.exit());

require('./real/main.js');

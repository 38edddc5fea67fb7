// LocalStack runs this in place of the Kinesis engine (kinesis-local). It makes the engine listen on 127.0.0.1 only, and exit
// at once on SIGTERM (which takes it up to 30 s otherwise) and when LocalStack has ended.
const { Server, Socket } = require('node:net');

// The engine calls read() once for each 'readable' event and expects everything that has arrived. Since Node 26 read() returns one
// buffer of it (nodejs/node#60441), so that a request in two buffers can stay unread: for 60 s its mapping's poller, which waits
// for the response, delivers nothing.
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

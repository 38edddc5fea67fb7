// Makes older Node.js versions behave like 26 (nodejs/node#60441): read() without a size returns one buffer, not all buffered data.
const { Readable } = require('node:stream');

const { read } = Readable.prototype;
if (Number(process.versions.node.split('.')[0]) < 26)
  Readable.prototype.read = function (size) {
    const { buffer, bufferIndex = 0 } = this._readableState;
    const first = typeof buffer.first === 'function' ? this.readableLength > 0 && buffer.first() : buffer[bufferIndex];
    return read.call(this, size === undefined && first ? first.length : size);
  };

// Preloaded into a hook (NODE_OPTIONS): writes at its end what it asked for and the most memory it held.
const { subscribe } = require('node:diagnostics_channel');
const { writeFileSync } = require('node:fs');

const requests = [];
subscribe('http.client.request.start', ({ request }) => {
  requests.push({ method: request.method, url: request.path, target: request.getHeader('x-amz-target') });
});
subscribe('undici:request:create', ({ request }) => {
  requests.push({ method: request.method, url: request.path });
});
process.on('exit', () => {
  const file = process.env.BENCH_PROBE_FILE;
  // The launcher's `node --version` has it loaded, too, and asks for nothing.
  if (file) writeFileSync(file, JSON.stringify({ requests, maxRssKb: process.resourceUsage().maxRSS }));
});

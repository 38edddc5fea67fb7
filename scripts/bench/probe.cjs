// Preloaded into a hook (NODE_OPTIONS). At exit it writes the hook's requests and its peak memory.
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
  if (file) writeFileSync(file, JSON.stringify({ requests, maxRssKb: process.resourceUsage().maxRSS }));
});

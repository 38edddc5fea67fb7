import { writeFileSync } from 'node:fs';

// Prints each event that the pipeline delivers into the bucket. LocalStack takes unsigned requests, so no SDK is needed.
const endpoint = process.env.AWS_ENDPOINT_URL ?? 'http://localhost:4566';
const bucket = process.env.BUCKET ?? 'hallow-events';
const seen = new Set();

const say = (text) => console.log(`${new Date().toISOString()} ${text}`);

/** Every object that is new or was written again since the last look: a retry overwrites its object. */
async function* newObjects() {
  let token = '';
  do {
    const query = token ? `&continuation-token=${encodeURIComponent(token)}` : '';
    const response = await fetch(`${endpoint}/${bucket}?list-type=2${query}`);
    if (!response.ok) throw new Error(`listing ${bucket}: HTTP ${response.status}`);
    const page = await response.text();
    for (const [, entry] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = /<Key>(.*?)<\/Key>/s.exec(entry)?.[1];
      const version = `${key} ${/<ETag>(.*?)<\/ETag>/s.exec(entry)?.[1]}`;
      if (key && !seen.has(version)) yield { key, version };
    }
    token = /<NextContinuationToken>(.*?)</s.exec(page)?.[1] ?? '';
  } while (token);
}

say(`consumer started, watching ${bucket} at ${endpoint}`);
for (;;) {
  try {
    for await (const { key, version } of newObjects()) {
      const response = await fetch(`${endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`);
      if (!response.ok) throw new Error(`reading ${key}: HTTP ${response.status}`);
      for (const line of (await response.text()).split('\n').filter(Boolean)) say(line);
      seen.add(version);
    }
    writeFileSync('/tmp/saw-the-bucket', ''); // what its health check asks for
  } catch (error) {
    say(`${error.message}; trying again`);
  }
  await new Promise((done) => setTimeout(done, 1000));
}

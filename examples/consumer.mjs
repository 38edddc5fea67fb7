import { writeFileSync } from 'node:fs';

// Prints each event that the pipeline delivers to the bucket. LocalStack accepts unsigned requests, so it needs no SDK.
const endpoint = process.env.AWS_ENDPOINT_URL ?? 'http://localhost:4566';
const bucket = process.env.BUCKET ?? 'hallow-events';
const seen = new Set();

const print = (text) => console.log(`${new Date().toISOString()} ${text}`);

/** Every object written since the last check, also again: a retry overwrites its object. */
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

print(`consumer started, watching ${bucket} at ${endpoint}`);
for (;;) {
  try {
    for await (const { key, version } of newObjects()) {
      const response = await fetch(`${endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`);
      if (!response.ok) throw new Error(`reading ${key}: HTTP ${response.status}`);
      for (const line of (await response.text()).split('\n').filter(Boolean)) print(line);
      seen.add(version);
    }
    writeFileSync('/tmp/saw-the-bucket', ''); // for the health check
  } catch (error) {
    print(`${error.message}; retrying`);
  }
  await new Promise((done) => setTimeout(done, 1000));
}

const LAMBDA_LINES = [
  /^\S+Z\t(?:[0-9a-f-]{36}|undefined)\t(?<level>[A-Z]+)\t(?<message>[\s\S]*)$/, // Node.js
  /^\[(?<level>[A-Z]+)\]\t\S+Z\t(?:[0-9a-f-]{36})?\t(?<message>[\s\S]*)$/, // Python's logging
];

/** A line of a function's log for people: without Lambda's frame around each call, and with errors as stacks. */
export function readable(text: string): string[] {
  if (/^(START|END) RequestId: |^INIT_START /.test(text)) return [];
  if (text.startsWith('REPORT RequestId: ')) return [report(text)];
  const { level, message = '' } = LAMBDA_LINES.map((line) => line.exec(text)?.groups).find((groups) => groups) ?? {};
  if (level === undefined) return text.split('\n');
  const lines = (level === 'ERROR' && errorLines(message)) || message.split('\n');
  return lines.map((line, index) => (index === 0 && level !== 'INFO' ? `${level} ${line}` : line));
}

/** `took 12.3 ms, 85 of 128 MB` */
function report(text: string): string {
  const value = (name: string) => new RegExp(`\\t${name}: ([^\\t\\n]+)`).exec(`\t${text}`)?.[1]?.trim();
  const [used, size] = [value('Max Memory Used'), value('Memory Size')];
  const memory = used && size ? `, ${used.replace(/ MB$/, '')} of ${size}` : '';
  const status = value('Status');
  return `took ${value('Duration')}${memory}${status && status !== 'success' ? `, ${status}` : ''}`;
}

/** `Invoke Error` and the like, with an error as JSON. */
function errorLines(message: string): string[] | undefined {
  const [, title, json = ''] = /^([^\t]*?)\s*\t(\{[\s\S]*\})$/.exec(message) ?? [];
  try {
    const { errorType, errorMessage, stack } = JSON.parse(json);
    const lines: string[] = Array.isArray(stack) ? stack : [`${errorType}: ${errorMessage}`];
    return [`${title}: ${lines[0]}`, ...lines.slice(1).map(String)];
  } catch {
    return undefined;
  }
}

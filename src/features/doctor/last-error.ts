/** A line of a function's log. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

const LONGEST = 200;

/** The last error in a function's log, as Lambda's runtimes print it. */
export function lastError(lines: readonly LogLine[]): LogLine | undefined {
  const errors = lines.flatMap(({ at, text }) => {
    const error = errorIn(text);
    return error ? { at, text: error.slice(0, LONGEST) } : [];
  });
  return errors.reduce<LogLine | undefined>((last, one) => (last && last.at > one.at ? last : one), undefined);
}

/** Node.js prints errors as JSON, Python as `[ERROR] Type: message`. */
function errorIn(line: string): string | undefined {
  const [, json] = /\t(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection) *\t(\{.*\})/.exec(line) ?? [];
  if (json) return typeAndMessage(json);
  return /(\[ERROR\] .*|Task timed out after .*|Error: Runtime exited .*)/.exec(line)?.[0]?.trim();
}

function typeAndMessage(json: string): string {
  try {
    const { errorType = 'Error', errorMessage = '' } = JSON.parse(json);
    return `${errorType}: ${errorMessage}`;
  } catch {
    return json;
  }
}

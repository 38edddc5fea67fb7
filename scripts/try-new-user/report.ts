/** A command of a page or a way, and how it went. */
export interface Row {
  page: string;
  command: string;
  seconds?: number;
  code?: number;
  /** Why it did not run. */
  leftOut?: string;
  /** What it showed, if it failed. */
  output?: string;
}

export function rowLine({ page, command, seconds, code, leftOut }: Row): string {
  const time = seconds === undefined ? '' : `${seconds.toFixed(1)} s`;
  return `${time.padStart(8)}  ${String(code ?? '–').padStart(3)}  ${page}: ${command}${leftOut ? ` (left out: ${leftOut})` : ''}`;
}

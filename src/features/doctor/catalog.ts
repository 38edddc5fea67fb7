import { type Identity, identityOf } from '../../runtime/identity.ts';

/**
 * `stops`: records do not reach the function, or the hook does not run; the exit code is 1. `warns`: it works, with a limit
 * that is easily taken for a fault.
 */
export type Severity = 'stops' | 'warns';

/** Every finding by its stable code. Each has a heading of its code in docs/troubleshooting.md. */
export const CATALOG = {
  RH001: { severity: 'stops', title: 'No engine answers' },
  RH101: { severity: 'stops', title: 'The mapping was made before its stream' },
  RH102: { severity: 'stops', title: 'CreateStream failed and the script went on' },
  RH103: { severity: 'stops', title: 'The stream is in another region' },
  RH104: { severity: 'stops', title: 'The stream is in another account' },
  RH105: { severity: 'stops', title: "The function's role is of another account" },
  RH106: { severity: 'stops', title: 'The stream was deleted and made anew at once' },
  RH107: { severity: 'stops', title: 'The stream was made while it was DELETING' },
  RH108: { severity: 'stops', title: 'The stream was deleted under its mapping' },
  RH109: { severity: 'stops', title: 'The Kinesis engine ended and lost the stream' },
  RH110: { severity: 'stops', title: 'The mapping was restored before its stream' },
  RH111: { severity: 'stops', title: 'AT_TIMESTAMP never delivers' },
  RH112: { severity: 'stops', title: 'The mapping is not Enabled' },
  RH113: { severity: 'stops', title: 'The stream is not ACTIVE' },
  RH114: { severity: 'stops', title: 'The mapping is there more than once' },
  RH115: { severity: 'warns', title: 'LATEST loses the first records' },
  RH116: { severity: 'stops', title: 'The mapping is not there' },
  RH117: { severity: 'stops', title: 'The stream was made anew under its mapping' },
  RH118: { severity: 'stops', title: 'The Kinesis engine left a request unread' },
  RH201: { severity: 'stops', title: 'The function is Failed' },
  RH202: { severity: 'stops', title: 'The function is Pending' },
  RH203: { severity: 'stops', title: 'The function is not there' },
  RH204: { severity: 'stops', title: 'A resource is not as declared' },
  RH205: { severity: 'stops', title: 'The function fails whenever it is called' },
  RH301: { severity: 'stops', title: 'The hook has no exec bit' },
  RH302: { severity: 'stops', title: 'The hook has CRLF line ends' },
  RH303: { severity: 'stops', title: 'The hook has no shebang' },
  RH304: { severity: 'stops', title: 'The hook is in the wrong folder' },
  RH305: { severity: 'stops', title: 'The image has no node' },
  RH306: { severity: 'stops', title: 'A node_modules is under ready.d' },
  RH307: { severity: 'stops', title: 'ready.d is missing or empty' },
  RH308: { severity: 'stops', title: 'A hook failed' },
  RH309: { severity: 'stops', title: 'The engine does not run the hooks of the folder' },
  RH401: { severity: 'warns', title: 'The health check does not wait for the hooks' },
  RH402: { severity: 'stops', title: 'The image needs a token' },
  RH403: { severity: 'warns', title: 'The compose file has no engine' },
  RH501: { severity: 'stops', title: 'The engine is too old' },
  RH502: { severity: 'warns', title: 'The engine loses records when idle' },
} as const satisfies Record<string, { severity: Severity; title: string }>;

export type FindingCode = keyof typeof CATALOG;

export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** What it is about, for people: `mapping orders → distributor`, `hook 10-a.sh`. */
  subject: string;
  /** The resource that it is about; left out of what is about an engine, a hook or a file. */
  about?: Identity;
  /** One sentence. */
  problem: string;
  /** What was seen that shows it. */
  evidence: string;
  fix: string;
  /** The heading in docs/troubleshooting.md. */
  page: string;
}

/** What a finding is about: a resource with its label, or something else in words. */
export type FindingSubject = string | (Identity & { label: string });

export function finding(
  code: FindingCode,
  subject: FindingSubject,
  problem: string,
  evidence: string,
  fix: string,
): Finding {
  const { severity, title } = CATALOG[code];
  const about = typeof subject === 'string' ? { subject } : { subject: subject.label, about: identityOf(subject) };
  return { code, severity, ...about, problem, evidence, fix, page: `docs/troubleshooting.md#${anchor(code, title)}` };
}

/** A heading's anchor, as GitHub makes it. */
export function anchor(code: string, title: string): string {
  return `${code} ${title}`
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-');
}

/** A time as evidence shows it. */
export const iso = (at = 0) => new Date(at).toISOString();

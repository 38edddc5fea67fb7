import { type Identity, identityOf } from '../../runtime/identity.ts';

/**
 * `stops`: records do not reach the function, or the hook does not run; the exit code is 1. `warns`: records reach the
 * function, but something differs, is unused, or has a limit that is easily mistaken for a fault.
 */
export type Severity = 'stops' | 'warns';

/** All findings by their stable codes, with their usual severity. Each has its own heading in docs/troubleshooting.md. */
export const CATALOG = {
  RH001: { severity: 'stops', title: 'No engine answers' },
  RH101: { severity: 'stops', title: 'The mapping was created before its stream' },
  RH102: { severity: 'stops', title: 'CreateStream failed and the script continued' },
  RH103: { severity: 'stops', title: 'The stream is in another region' },
  RH104: { severity: 'stops', title: 'The stream is in another account' },
  RH105: { severity: 'stops', title: "The function's role belongs to another account" },
  RH106: { severity: 'stops', title: 'The stream was deleted and re-created too soon' },
  RH107: { severity: 'stops', title: 'CreateStream was rejected while the stream was DELETING' },
  RH108: { severity: 'stops', title: 'The stream was deleted, but its mapping still exists' },
  RH109: { severity: 'stops', title: 'The Kinesis engine restarted and lost the stream' },
  RH110: { severity: 'stops', title: 'The mapping was restored without its stream' },
  RH111: { severity: 'stops', title: 'AT_TIMESTAMP never delivers' },
  RH112: { severity: 'stops', title: 'The mapping is not Enabled' },
  RH113: { severity: 'stops', title: 'The stream is not ACTIVE' },
  RH114: { severity: 'stops', title: 'The mapping exists more than once' },
  RH115: { severity: 'warns', title: 'LATEST can lose the first records' },
  RH116: { severity: 'stops', title: 'The mapping does not exist' },
  RH117: { severity: 'stops', title: 'The stream was re-created, but its mapping was not' },
  RH118: { severity: 'stops', title: 'The Kinesis engine stalled on a request' },
  RH119: { severity: 'stops', title: 'A filter does not work on this engine' },
  RH120: { severity: 'warns', title: 'A filter on data drops records that are not JSON' },
  RH121: { severity: 'stops', title: 'A mapping that is no longer declared still handles records' },
  RH122: { severity: 'stops', title: 'The records are in another region or account' },
  RH123: { severity: 'warns', title: 'The poller waits after errors' },
  RH201: { severity: 'stops', title: 'The function is Failed' },
  RH202: { severity: 'stops', title: 'The function is Pending' },
  RH203: { severity: 'stops', title: 'The function does not exist' },
  RH204: { severity: 'stops', title: 'A resource does not match its definition' },
  RH205: { severity: 'stops', title: 'The function fails on every call' },
  RH206: { severity: 'stops', title: 'The function does not start' },
  RH207: { severity: 'warns', title: 'A resource is no longer declared' },
  RH301: { severity: 'stops', title: 'The hook is not executable' },
  RH302: { severity: 'stops', title: 'The hook has CRLF line endings' },
  RH303: { severity: 'stops', title: 'The hook has no shebang' },
  RH304: { severity: 'stops', title: 'The hook is in the wrong folder' },
  RH305: { severity: 'stops', title: 'The image has no Node.js' },
  RH306: { severity: 'stops', title: 'ready.d contains node_modules' },
  RH307: { severity: 'stops', title: 'ready.d is missing or empty' },
  RH308: { severity: 'stops', title: 'A hook failed' },
  RH309: { severity: 'warns', title: 'The engine does not run the hooks in this folder' },
  RH401: { severity: 'warns', title: 'The health check does not wait for the hooks' },
  RH402: { severity: 'stops', title: 'The image needs a token' },
  RH403: { severity: 'warns', title: 'The compose file has no engine' },
  RH404: { severity: 'stops', title: 'Functions cannot reach LocalStack' },
  RH405: { severity: 'stops', title: 'Docker cannot create a mount point' },
  RH406: { severity: 'warns', title: 'The address is a public name' },
  RH501: { severity: 'stops', title: 'The engine is too old' },
  RH502: { severity: 'warns', title: 'The engine can lose records when idle' },
} as const satisfies Record<string, { severity: Severity; title: string }>;

export type FindingCode = keyof typeof CATALOG;

export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** The subject, for people: `mapping orders → distributor`, `hook 10-a.sh`. */
  subject: string;
  /** The resource concerned; undefined if the subject is an engine, a hook or a file. */
  about?: Identity;
  /** One sentence. */
  problem: string;
  /** The observation that proves it. */
  evidence: string;
  fix: string;
  /** The heading in docs/troubleshooting.md. */
  page: string;
}

/** The subject of a finding: a resource with its label, or a text. */
export type FindingSubject = string | (Identity & { label: string });

export function finding(
  code: FindingCode,
  subject: FindingSubject,
  problem: string,
  evidence: string,
  fix: string,
  severity: Severity = CATALOG[code].severity,
): Finding {
  const { title } = CATALOG[code];
  const about = typeof subject === 'string' ? { subject } : { subject: subject.label, about: identityOf(subject) };
  return { code, severity, ...about, problem, evidence, fix, page: `docs/troubleshooting.md#${anchor(code, title)}` };
}

/** A heading's anchor, as GitHub generates it. */
export function anchor(code: string, title: string): string {
  return `${code} ${title}`
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-');
}

/** A time, in the format of evidence. */
export const iso = (at = 0) => new Date(at).toISOString();

import { type Finding, finding } from './catalog.ts';
import type { ServiceFacts } from './facts.ts';

/** LocalStack's public DNS record for 127.0.0.1; also its subdomains, such as those of buckets. */
export const PUBLIC_NAME = /\blocalhost\.localstack\.cloud\b/;

const WHY =
  'localhost.localstack.cloud needs public DNS: it fails offline, behind routers that drop answers with 127.0.0.1, and often since its zone changed in June 2026, when its certificate ended, too.';

/** The address with which the engine is called. */
export function publicAddress(endpoint: string): Finding[] {
  if (!PUBLIC_NAME.test(endpoint)) return [];
  return [finding('RH406', 'endpoint', WHY, endpoint, 'use http://localhost:4566, with the port of your engine')];
}

/** In a container, the name means that container itself. */
export function publicNameIn({ name, publicNames }: ServiceFacts, engine: string | undefined): Finding[] {
  if (publicNames.length === 0) return [];
  return [
    finding(
      'RH406',
      `service ${name}`,
      `${WHY} In a container, it means that container itself.`,
      `${publicNames.join(', ')} of service ${name}`,
      name === engine ? 'use localhost' : `use the name of the engine's service: http://${engine ?? 'localstack'}:4566`,
    ),
  ];
}

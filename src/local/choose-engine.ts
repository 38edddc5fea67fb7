import type { DockerProbe } from './docker/probe.ts';
import { PRODUCT_NAMES } from './process/product.ts';

export const ENGINES = ['docker', 'localstack', 'localemu', 'ministack'] as const;
export type EngineName = (typeof ENGINES)[number];

/** What `--engine` accepts. */
export const ENGINE_CHOICES = ['auto', ...ENGINES] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** LocalStack's image for Docker; `missing` is the reason why it cannot be used, to complete "LocalStack without Docker: …". */
export type Image = 'here' | 'pulled' | { missing: string };

/** The engine to use, undefined for none, and the reason as a phrase. */
export interface Choice {
  engine: EngineName | undefined;
  why: string;
}

/** The requested engine; with `auto`, Docker if it can run LocalStack, otherwise LocalStack without Docker. */
export function choose(asked: EngineChoice, docker: DockerProbe, image: Image): Choice {
  if (asked !== 'auto' && asked !== 'docker')
    return { engine: asked, why: `${PRODUCT_NAMES[asked]} without Docker, as requested` };
  const obstacle = obstacleOf(docker, image);
  if (obstacle === undefined)
    return { engine: 'docker', why: `LocalStack in Docker (${docker.ok ? docker.version : ''})` };
  if (asked === 'auto') return { engine: 'localstack', why: `LocalStack without Docker: ${obstacle}` };
  return {
    engine: undefined,
    why: `--engine docker was given, but Docker cannot be used: ${obstacle}. Fix that, or use --engine localstack, which does not need Docker.`,
  };
}

function obstacleOf(docker: DockerProbe, image: Image): string | undefined {
  if (!docker.ok) return docker.reason;
  if (docker.socket.problem) return docker.socket.problem;
  return typeof image === 'object' ? image.missing : undefined;
}

import type { DockerProbe } from './docker/probe.ts';

/** What can be asked for. */
export const ENGINES = ['auto', 'docker', 'localstack', 'ministack'] as const;
export type EngineChoice = (typeof ENGINES)[number];

/** LocalStack's image for Docker: `missing` says why it cannot be used, completing "Docker is not used: …". */
export type Image = 'here' | 'pulled' | { missing: string };

/** Which engine to take, undefined for none, and the sentence that says why. */
export interface Choice {
  engine: Exclude<EngineChoice, 'auto'> | undefined;
  why: string;
}

/** Takes what was asked for; with `auto`, Docker where it can run LocalStack, else LocalStack without Docker. */
export function choose(asked: EngineChoice, docker: DockerProbe, image: Image): Choice {
  if (asked === 'localstack') return { engine: 'localstack', why: 'LocalStack without Docker, as asked' };
  if (asked === 'ministack') return { engine: 'ministack', why: 'MiniStack, as asked' };
  const obstacle = obstacleOf(docker, image);
  if (obstacle === undefined)
    return { engine: 'docker', why: `LocalStack in Docker (${docker.ok ? docker.version : ''})` };
  if (asked === 'auto') return { engine: 'localstack', why: `LocalStack without Docker: ${obstacle}` };
  return {
    engine: undefined,
    why: `Docker was asked for and cannot be used: ${obstacle}; mend that, or use --engine localstack, which needs no Docker.`,
  };
}

function obstacleOf(docker: DockerProbe, image: Image): string | undefined {
  if (!docker.ok) return docker.reason;
  if (docker.socket.problem) return docker.socket.problem;
  return typeof image === 'object' ? image.missing : undefined;
}

import type { Quirks } from '../../../../src/runtime/engine/engine.ts';
import { PRODUCTS } from '../../../../src/runtime/engine/products.ts';
import type { World } from '../../../../src/runtime/resources/kind.ts';

/** The world for decisions, with the quirks of LocalStack and these changes, or with those of another product. */
export function world(quirks: Partial<Quirks> = {}, runtimes?: string[]): World {
  return {
    region: 'us-east-1',
    account: '000000000000',
    engine: {
      product: 'localstack',
      version: '4.14.0',
      quirks: isProduct(quirks) ? quirks : { ...PRODUCTS.localstack.quirks, ...quirks },
      ...(runtimes && { runtimes }),
    },
    now: 1_700_000_000_500,
  };
}

const isProduct = (quirks: Partial<Quirks>) => Object.values(PRODUCTS).some((product) => product.quirks === quirks);

/** A decision in one line, for tables. */
export function textOf(decision: import('../../../../src/runtime/resources/kind.ts').Decision): string {
  switch (decision.do) {
    case 'nothing':
      return 'nothing';
    case 'wait':
      return `wait ${decision.until}, now ${decision.seen}`;
    case 'fail':
      return `fail: ${decision.problem}`;
    case 'send':
      return `${decision.request.operation} (${decision.why})${decision.warning ? ` warning: ${decision.warning}` : ''}`;
  }
}

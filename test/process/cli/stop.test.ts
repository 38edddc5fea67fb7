import { testStops } from '../../support/stops.ts';

// test/full/stop.test.ts has both signals in every situation.
testStops(({ signal, situation }) => signal === 'SIGTERM' && situation === 'request in flight');

// Adds up the test runners' reports, and prints the result in one line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, stepFailed] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  // A file that cannot be loaded has no tests to count, but it did fail.
  total.failed += report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
}
// No report includes a failed check before the tests (types, lint, installation).
if (stepFailed === '1' && total.failed === 0) total.failed = 1;
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
// In CI, a skipped test is a failure.
process.exit(total.failed > 0 || total.skipped > 0 || total.passed === 0 ? 1 : 0);

// Adds up the test runners' reports: prints what failed, and the result in the last line.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [folder, ...failedSteps] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
// The output of a CI run is often kept from its end only, so the failures come last.
const failures = [];

for (const name of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) addFailure(file, test.fullName, test.failureMessages.join('\n'));
    // A file that cannot be loaded has no tests to count, but it did fail.
    if (file.status === 'failed' && failed.length === 0) {
      total.failed += 1;
      addFailure(file, 'the file itself', file.message);
    }
  }
}
// No report includes a failed check before the tests (types, lint, installation).
if (failedSteps.length > 0 && total.failed === 0) {
  total.failed = 1;
  failures.push(`failed without a failed test: ${failedSteps.join(', ')}`);
}

for (const failure of failures) console.log(`== ${failure}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
// In CI, a skipped test is a failure.
process.exit(total.failed > 0 || total.skipped > 0 || total.passed === 0 ? 1 : 0);

function addFailure(file, test, message = '') {
  failures.push(`failed: ${basename(file.name)} › ${test}\n${message.slice(0, 2000)}`);
}

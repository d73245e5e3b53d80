import { readFileSync, writeFileSync } from 'node:fs';
import { problemCodes } from '@latchkey/core/problem.ts';

/** Writes docs/errors.md from the one table of codes; with --check it only compares. */
const file = new URL('../docs/errors.md', import.meta.url);

const rows = Object.entries(problemCodes).map(
  ([code, { status, ours, means }]) => `| \`${code}\` | ${status} | ${means} | ${ours ? 'ours' : 'the vendor’s'} |`,
);

const text = `# Errors

This page is generated from \`core/src/problem.ts\` by \`npm run docs\`.

Every error is JSON: \`{"code", "message", "details"?}\`. \`code\` is one of the table below and never changes its meaning;
\`message\` is for people. \`details\` names each reason: \`{"path", "reason", "message", "suggestion"?}\`, where \`path\` is the
place in the request (\`privileges[0].feature\`) and \`reason\` is a stable word to program against.

| code | status | meaning | list |
|---|---|---|---|
${rows.join('\n')}

A 401 has no details, and its \`message\` comes first, as on the vendor's wire. A 429 carries \`Retry-After\`,
\`X-RateLimit-Reset\` (epoch seconds) and, where a request rate is limited, \`x-sib-ratelimit-limit\`, \`-remaining\` and
\`-reset\`. A 503 carries \`Retry-After\`. Every reply carries \`sib-request-id\`, under which the log has the rest.

Requests are checked in this order: key (401), permission (403), form and names (400), what the key may give (403), plan
(400), whether it exists already (400), seats (402). So an error never tells a caller more than they may know.
`;

if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('docs/errors.md is not what core/src/problem.ts says; run: npm run docs\n');
  process.exitCode = 1;
}

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { examples } from '@latchkey/core/api/examples.ts';
import { api, type OperationName } from '@latchkey/core/api/index.ts';
import { expect, test } from 'vitest';
import { type Recorder, recorder } from './recorder.ts';
import { tell } from './story.ts';

const file = fileURLToPath(new URL('../../core/src/api/examples.json', import.meta.url));

test('every example of the API is what a server answers, but for ids, secrets and times', async () => {
  const story: Recorder = await recorder();
  try {
    await tell(story);
  } finally {
    await story.stop();
  }
  const recorded = Object.fromEntries(
    names.flatMap((name) => (story.examples[name] ? [[name, story.examples[name]]] : [])),
  );
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, formatted(recorded));
  else expect(recorded).toEqual(examples);
});

test.skipIf(process.env.UPDATE_GOLDEN)(
  'every operation has an example: whoever adds one lets it happen in test/api/story.ts',
  () => {
    expect(names.filter((name) => examples[name] === undefined)).toEqual([]);
  },
);

const names = Object.keys(api) as OperationName[];

function formatted(value: object): string {
  const input = JSON.stringify(value, null, 2);
  const { stdout, status, stderr } = spawnSync('biome', ['format', `--stdin-file-path=${file}`], {
    input,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

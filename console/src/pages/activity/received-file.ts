import { LatchkeyError } from '@latchkey/client';

/** How much is held in the page before the browser is given it, which may keep it on disk. */
const portionBytes = 4 * 1024 * 1024;
const newline = 0x0a;

/**
 * Reads a stream to its end.
 * @param onLines told how many lines have arrived, at most ten times a second
 * @throws LatchkeyError `unreachable` where it breaks off: half a file is none
 */
export async function received(
  stream: ReadableStream<Uint8Array>,
  onLines: (count: number) => void,
): Promise<{ file: Blob; lines: number }> {
  const portions: Blob[] = [];
  let portion: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let lines = 0;
  let told = 0;
  const put = (): void => {
    portions.push(new Blob(portion));
    [portion, bytes] = [[], 0];
  };
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw brokenOff(cause);
    });
    if (done) break;
    portion.push(value as Uint8Array<ArrayBuffer>);
    bytes += value.byteLength;
    for (let at = value.indexOf(newline); at !== -1; at = value.indexOf(newline, at + 1)) lines++;
    if (bytes >= portionBytes) put();
    if (performance.now() - told < 100) continue;
    told = performance.now();
    onLines(lines);
  }
  put();
  return { file: new Blob(portions), lines };
}

const brokenOff = (cause: unknown): LatchkeyError =>
  new LatchkeyError({ code: 'unreachable', message: 'The connection broke before the end.', cause });

/** `activity-acme-rockets-2026-11-22.csv`: of the organization's name what every system takes in a file's name. */
export function fileName(what: string, organization: string, extension: string, now: Date = new Date()): string {
  const [year, month, day] = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  const parts = [year, month, day].map((part) => String(part).padStart(2, '0'));
  const name = organization
    .toLocaleLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${[what, name, parts.join('-')].filter(Boolean).join('-')}.${extension}`;
}

/** Has the browser save a file, as if a link to it had been followed. */
export function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Not at once: some browsers begin to read it only after this.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

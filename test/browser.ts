import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** Starts a real Chromium without a window. Close it when done; pages of one test belong into a context of their own. */
export async function openBrowser(): Promise<Browser> {
  const folder = await unpackedChromium();
  const options = { executablePath: join(folder, 'chromium'), args: ['--disable-gpu', '--font-render-hinting=none'] };
  try {
    return await chromium.launch(options);
  } catch (error) {
    if (!String(error).includes('error while loading shared libraries')) throw error;
    return await chromium.launch({ ...options, env: { ...process.env, ...bundledLibraries(folder) } });
  }
}

const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
const packageFolder = join(dirname(entry), '..');
const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));

/** The folder with the browser of the npm package, unpacked once; several test files may come here at the same moment. */
async function unpackedChromium(): Promise<string> {
  const manifest: { version: string } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  const folder = join(cache, `chromium-${manifest.version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  await unpackInto(unfinished);
  try {
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

// The package always unpacks into the folder for temporary files, so it runs in a process that has one of its own.
async function unpackInto(folder: string): Promise<void> {
  const script = `
    import { inflate } from ${JSON.stringify(pathToFileURL(entry))};
    for (const part of ['chromium.br', 'fonts.tar.br', 'al2023.tar.br']) {
      await inflate(${JSON.stringify(join(packageFolder, 'bin/'))} + part);
    }`;
  const env = { ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder };
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
}

/** For machines that lack the libraries and fonts a browser needs; the package carries a set of them. */
const bundledLibraries = (folder: string): Record<string, string> => ({
  LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
  FONTCONFIG_PATH: join(folder, 'fonts'),
});

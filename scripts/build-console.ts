// Builds the console into console/dist, unless what is there was made of the same files. `npm start` and `npm test` see to it.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import { builtStamp, currentStamp, stampFile } from './console-stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const consoleFolder = join(root, 'console');
const dist = join(consoleFolder, 'dist');

const stamp = currentStamp();
if (builtStamp() !== stamp) await build();

async function build(): Promise<void> {
  process.stderr.write('Building the console, this takes a moment …\n');
  const began = performance.now();
  // Beside its place, so that renaming moves no bytes; whoever reads meanwhile has the old one or the new one, never half.
  const unfinished = mkdtempSync(join(consoleFolder, '.building-'));
  chmodSync(unfinished, 0o755);
  try {
    await bundleInto(unfinished);
    compressAll(unfinished);
    writeFileSync(join(unfinished, stampFile), stamp);
    putInPlace(unfinished);
  } catch (error) {
    process.stderr.write(`\nThe console could not be built.\n${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
    return;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  process.stderr.write(`Built the console in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
}

async function bundleInto(folder: string): Promise<void> {
  // React takes its word for whether to check and explain everything, whatever this shell is set to.
  process.env.NODE_ENV = 'production';
  const [vite, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  await vite.build({
    configFile: false,
    root: consoleFolder,
    // Everything is found beside index.html, wherever a proxy puts that.
    base: './',
    logLevel: 'warn',
    plugins: [react()],
    resolve: { alias: { '@latchkey/client': join(root, 'client/src/index.ts') } },
    // The server puts a fresh nonce in this place of each answer.
    html: { cspNonce: '{nonce}' },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      // These know `light-dark()` themselves; what stands in for it elsewhere needs a scheme that is fixed when building.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1024,
    },
  });
}

/** Beside each file what browsers are sent who take it smaller. */
function compressAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !['.js', '.css', '.svg'].includes(extname(entry.name))) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    const params = { [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  }
}

/** By names alone, so that there is hardly a moment without any. Two builds may come here at once; both made the same. */
function putInPlace(unfinished: string): void {
  const former = `${unfinished}-former`;
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(dist)) renameSync(dist, former);
      renameSync(unfinished, dist);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    } finally {
      rmSync(former, { recursive: true, force: true });
    }
  }
}

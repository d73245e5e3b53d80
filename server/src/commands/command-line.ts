import { resolve } from 'node:path';
import { OperatorError } from '../operator-error.ts';

/** Runs a command that takes one file. What goes wrong is said in a sentence, and the exit code is 1. */
export async function runOnFile(usage: string, command: (file: string) => Promise<string>): Promise<void> {
  // An exit runs the handlers that stop an embedded database; a signal alone would not.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  try {
    const [file, ...more] = process.argv.slice(2);
    if (!file || more.length > 0 || file.startsWith('-')) throw new OperatorError(`Usage: ${usage}`);
    // npm runs scripts in the project's folder; people mean the one they are in.
    process.stdout.write(`${await command(resolve(process.env.INIT_CWD ?? '', file))}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof OperatorError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}

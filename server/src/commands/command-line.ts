import { resolve } from 'node:path';
import { OperatorError } from '../operator-error.ts';

/** Runs a command that takes one file. */
export const runOnFile = (usage: string, command: (file: string) => Promise<string>): Promise<void> =>
  // npm runs scripts in the project's folder; people mean the one they are in.
  runCommand(usage, 1, ([file = '']) => command(resolve(process.env.INIT_CWD ?? '', file)));

/** Runs a command that takes one argument at least. What goes wrong is said in a sentence, and the exit code is 1. */
export async function runCommand(
  usage: string,
  most: number,
  command: (given: readonly string[]) => Promise<string>,
): Promise<void> {
  // An exit runs the handlers that stop an embedded database; a signal alone would not.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  try {
    const given = process.argv.slice(2);
    if (given.length === 0 || given.length > most || given.some((one) => one.startsWith('-')))
      throw new OperatorError(`Usage: ${usage}`);
    process.stdout.write(`${await command(given)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof OperatorError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}

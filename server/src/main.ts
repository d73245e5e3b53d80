import { setFlagsFromString } from 'node:v8';
import pino from 'pino';
import { welcome } from './banner.ts';
import { readConfig } from './config.ts';
import { OperatorError } from './operator-error.ts';
import { type RunningServer, startServer } from './server.ts';

// What V8 found to live long while the server started, it would go on to put among the old, where the dead keep all alive that
// they refer to until the next full collection: of every answer of that kind, a tenth (docs/decisions/0022).
setFlagsFromString('--no-allocation-site-pretenuring');

try {
  const config = readConfig(process.env);
  // The log goes to standard error; standard output is for the person who started this.
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: false }));
  const starting = startServer(config, log);
  endOnSignals(starting, log);
  const server = await starting;
  process.stdout.write(welcome(config, server, process.stdout.isTTY));
} catch (error) {
  if (!(error instanceof OperatorError) && !isListenError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Listens from the first moment on: a start that is told to end must not leave its database behind. */
function endOnSignals(starting: Promise<RunningServer>, log: pino.Logger): void {
  let ending = false;
  const end = (signal: string): void => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'stopping');
    const stopped = starting.then((server) => server.stop());
    stopped.then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

/** A port that is taken, or an address that is not ours, is for the operator to mend. */
function isListenError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}

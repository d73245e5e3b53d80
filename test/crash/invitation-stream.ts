import { type ServerProcess, sleep } from './server-process.ts';

/** People who are being invited without a pause, whatever becomes of the server. */
export interface InvitationStream {
  /** Addresses whose invitation was answered with 200. */
  acknowledged: string[];
  /** Addresses whose invitation was answered otherwise, or not at all: the invitation may be there or not. */
  unanswered: string[];
  /** Answers that no crash excuses. */
  wrong: string[];
  /** From now on this is the server to talk to; null while there is none. */
  talkTo(server: ServerProcess | null): void;
  stop(): Promise<void>;
}

const lanes = 4;
const pauseMilliseconds = 15;

/**
 * Invites over several connections at once. Every third invitation carries an Idempotency-Key, which makes it a transaction
 * of several statements, and every fourth is followed by an update under the organization's lock.
 */
export function streamInvitations(first: ServerProcess): InvitationStream {
  let server: ServerProcess | null = first;
  let stopping = false;
  let count = 0;
  const [acknowledged, unanswered, wrong]: string[][] = [[], [], []] as const;

  const lane = async (): Promise<void> => {
    while (!stopping) {
      await sleep(pauseMilliseconds);
      if (!server) continue;
      const number = ++count;
      const email = `person-${number}@example.com`;
      const invited = await answered(server, '/organization/user/invitation/send', email, number % 3 === 0);
      (invited ? acknowledged : unanswered)?.push(email);
      if (invited && server && number % 4 === 0)
        await answered(server, '/organization/user/update/permissions', email, false);
    }
  };

  /** Whether it was done, for sure. Short of that there is a 503 that says when to come back, or no answer at all. */
  const answered = async (to: ServerProcess, path: string, email: string, once: boolean): Promise<boolean> => {
    const body = {
      email,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: [path.includes('send') ? 'view' : 'export'] }],
    };
    const answer = await to.owner.post(path, body, once ? { 'idempotency-key': email } : {}).catch(() => undefined);
    if (answer === undefined) return false;
    if (answer.status === 503 && Number(answer.headers.get('retry-after')) >= 1) return false;
    if (answer.status !== 200) wrong?.push(`${path} ${email}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.status === 200;
  };

  const running = Promise.all(Array.from({ length: lanes }, lane));
  return {
    acknowledged: acknowledged ?? [],
    unanswered: unanswered ?? [],
    wrong: wrong ?? [],
    talkTo: (next) => {
      server = next;
    },
    async stop() {
      stopping = true;
      await running;
    },
  };
}

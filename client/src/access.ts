import { reasonsInWords } from '@latchkey/core/access/decision.ts';
import type { AccessAnswer, AccessQuestion } from './access-question.ts';
import type { AtRevision, CallOptions } from './call.ts';
import { codeOfStatus, LatchkeyError } from './error.ts';
import type { AccessReason, EvaluateManyReply, Operations } from './operations.ts';
import type { OpenStream } from './replica/follow.ts';
import type { Replica, ReplicaOptions } from './replica/replica.ts';

type Decision = NonNullable<EvaluateManyReply['evaluations']>[number];

/** Questions in one request at most. */
const mostAtOnce = 1_000;

/** Asks the server whether somebody may do something, over AuthZEN 1.0. Somebody unknown is a no, not an error. */
export class Access {
  readonly #server: Operations & { access: Access };
  readonly #open: OpenStream;
  /** What the catalogue calls its resources; nearly all call them this. */
  #resourceType = 'feature';

  constructor(server: Operations & { access: Access }, open: OpenStream) {
    this.#server = server;
    this.#open = open;
  }

  /**
   * Everybody's access, kept here and kept current: `replica.can()` answers without asking.
   * @throws LatchkeyError where the first snapshot cannot be had
   */
  async replica(options: ReplicaOptions = {}): Promise<Replica> {
    // Only now, so that a page which keeps no replica need not load what is half of this library.
    const { Replica } = await import('./replica/replica.ts');
    return Replica.open(this.#server, this.#open, options);
  }

  /**
   * One answer.
   * @throws LatchkeyError where there is none: then nobody has said yes
   */
  async check(question: AccessQuestion, options: CallOptions & AtRevision = {}): Promise<AccessAnswer> {
    const ask = () => this.#server.evaluate(this.#evaluation(question), options);
    return answerOf(await this.#inItsWords(ask, (decision) => [decision], options));
  }

  /**
   * Many answers, in the order of the questions. More than 1,000 questions become several requests.
   * @throws LatchkeyError where one of the questions has no answer
   */
  async checkMany(
    questions: readonly AccessQuestion[],
    options: CallOptions & AtRevision = {},
  ): Promise<AccessAnswer[]> {
    const answers: AccessAnswer[] = [];
    for (let start = 0; start < questions.length; start += mostAtOnce) {
      const some = questions.slice(start, start + mostAtOnce);
      const ask = () =>
        this.#server.evaluateMany({ evaluations: some.map((question) => this.#evaluation(question)) }, options);
      const { evaluations = [] } = await this.#inItsWords(ask, (reply) => reply.evaluations ?? [], options);
      if (evaluations.length !== some.length) throw unanswered();
      answers.push(...evaluations.map(answerOf));
    }
    return answers;
  }

  #evaluation({ member, feature, permission }: AccessQuestion) {
    return {
      subject: { type: 'user', id: member },
      action: { name: permission },
      resource: { type: this.#resourceType, id: feature },
    };
  }

  /** Asks, and where the catalogue calls its resources otherwise, learns how and asks again. */
  async #inItsWords<Reply>(
    ask: () => PromiseLike<Reply>,
    decisions: (reply: Reply) => Decision[],
    options: CallOptions,
  ): Promise<Reply> {
    const askedAs = this.#resourceType;
    const reply = await ask();
    if (!decisions(reply).some(({ context }) => context?.reason === 'unknown_resource_type')) return reply;
    const { resource_type: resourceType } = await this.#server.getAccessVocabulary(options);
    if (resourceType === askedAs) return reply;
    this.#resourceType = resourceType;
    return ask();
  }
}

function answerOf({ decision, context }: Decision): AccessAnswer {
  if (typeof decision !== 'boolean') throw unanswered();
  if (context?.error) {
    const { status, message } = context.error;
    throw new LatchkeyError({ code: codeOfStatus(status), status, message, attempts: 1 });
  }
  const reason = (context?.reason ?? (decision ? 'granted' : 'not_granted')) as AccessReason;
  return {
    allowed: decision,
    reason,
    message: context?.message ?? reasonsInWords[reason] ?? '',
    needs: context?.needs ?? [],
  };
}

const unanswered = (): LatchkeyError =>
  new LatchkeyError({ code: 'unexpected_reply', message: 'The server answered without a decision.', attempts: 1 });

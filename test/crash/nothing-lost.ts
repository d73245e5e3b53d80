import { expect } from 'vitest';
import { eventually } from '../runtime/temporary-database.ts';
import type { InvitationStream } from './invitation-stream.ts';
import type { Mail } from './mailbox.ts';
import { askDatabase, type ServerProcess } from './server-process.ts';

/** A message that a crash interrupted comes back when its claim has run out (40 s); the rest is for a slow machine. */
const mailPatience = 75_000;

/** What must hold after any number of crashes, once the mail is out. */
export async function expectNothingLost(
  dataDir: string,
  server: ServerProcess,
  stream: InvitationStream,
  mails: readonly Mail[],
): Promise<void> {
  expect(stream.wrong).toEqual([]);
  const listed = await server.owner.get('/organization/invited/users');
  const members: string[] = listed.body.users.map(({ email }: { email: string }) => email);
  const invited = new Set(members.filter((email) => email.startsWith('person-')));
  expect(stream.acknowledged.filter((email) => !invited.has(email))).toEqual([]);
  expect(await halfInvited(dataDir)).toEqual([]);

  const unsent = `select id from delivery where state <> 'sent'`;
  await eventually(async () => (await askDatabase(dataDir, unsent)).length === 0, mailPatience);
  const written = new Set(mails.map(({ to }) => to));
  expect(
    [...invited].filter((email) => !written.has(email)),
    'invited, without a mail',
  ).toEqual([]);
  expect(
    [...written].filter((email) => !invited.has(email)),
    'a mail without an invitation',
  ).toEqual([]);
}

/** Members of whom not everything is there that is written with them. */
function halfInvited(dataDir: string): Promise<{ email: string }[]> {
  return askDatabase(
    dataDir,
    `select m.email from member m
     where m.email like 'person-%' and not (
       exists (select from member_grant g where g.organization_id = m.organization_id and g.member_id = m.id)
       and 1 = (select count(*) from invitation i join delivery d on d.organization_id = i.organization_id and d.invitation_id = i.id
                where i.organization_id = m.organization_id and i.member_id = m.id)
       and 1 = (select count(*) from audit_event e join audit_person p on p.event_id = e.id
                where e.target_id = m.id and e.action = 'member.invited' and p.target_email = m.email)
       and (select count(*) from audit_event e where e.target_id = m.id and e.action = 'member.updated') = m.version - 1)`,
  );
}

export interface Repetitions {
  /** Mails beyond the first, over all invitations. */
  total: number;
  /** The most that any one invitation has. */
  most: number;
}

/** Counts mails that were sent again, having seen that each is the same as the first: one Message-ID, one link. */
export function repetitionsAmong(mails: readonly Mail[]): Repetitions {
  const byPerson = Map.groupBy(mails, ({ to }) => to);
  for (const [person, copies] of byPerson) {
    expect(new Set(copies.map(({ messageId }) => messageId)).size, `Message-IDs of ${person}`).toBe(1);
    expect(new Set(copies.map(({ link }) => link)).size, `links of ${person}`).toBe(1);
  }
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(byPerson.size);
  expect(new Set(mails.map(({ link }) => link)).size).toBe(byPerson.size);
  return {
    total: mails.length - byPerson.size,
    most: Math.max(...[...byPerson.values()].map(({ length }) => length - 1)),
  };
}

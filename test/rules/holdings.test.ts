import { actsInFull, keyHoldings, mayCall, partnerHoldings } from '@latchkey/core/authority.ts';
import {
  beyond,
  covers,
  heldPermissions,
  holds,
  intersect,
  nothing,
  sameHoldings,
  storedPermissions,
} from '@latchkey/core/holdings.ts';
import { authorityOf } from '@latchkey/core/member.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue, holdings, permissions } from './arbitraries.ts';

test('covering is an order: everybody covers themselves, and who covers a coverer covers what that covers', () => {
  fc.assert(
    fc.property(holdings, holdings, holdings, (a, b, c) => {
      expect(covers(a, a)).toBe(true);
      if (covers(a, b) && covers(b, c)) expect(covers(a, c)).toBe(true);
    }),
  );
});

test('nothing is covered by all, and ownership covers all', () => {
  fc.assert(
    fc.property(holdings, permissions, (a, some) => {
      expect(covers(a, nothing)).toBe(true);
      expect(covers({ owner: true, everything: true, permissions: some }, a)).toBe(true);
    }),
  );
});

test('nobody covers more than they hold, permission by permission', () => {
  fc.assert(
    fc.property(holdings, holdings, (holder, given) => {
      if (!covers(holder, given)) return;
      for (const permission of heldPermissions(catalogue, given)) expect(holds(holder, permission)).toBe(true);
      if (given.owner) expect(holder.owner).toBe(true);
      if (given.everything) expect(holder.owner || holder.everything).toBe(true);
    }),
  );
});

test('each permission of today is not everything, and everything is not ownership', () => {
  const eachOne = { owner: false, everything: false, permissions: new Set(catalogue.permissions) };
  const everything = { owner: false, everything: true, permissions: new Set<never>() };
  const ownership = { owner: true, everything: true, permissions: new Set<never>() };
  expect(covers(eachOne, everything)).toBe(false);
  expect(covers(everything, ownership)).toBe(false);
  expect(covers(everything, eachOne)).toBe(true);
  expect(beyond(eachOne, everything)).toEqual(['all_features_access']);
  expect(beyond(everything, ownership)).toEqual(['ownership']);
});

test('what is beyond a holder is named exactly, and only where they do not cover it', () => {
  fc.assert(
    fc.property(holdings, holdings, (holder, given) => {
      expect(beyond(holder, given).length === 0).toBe(covers(holder, given));
      for (const name of beyond(holder, given)) {
        if (name.includes(':')) expect(holder.permissions.has(name as never)).toBe(false);
      }
    }),
  );
});

test('what two hold in common is covered by both, and holds what both hold', () => {
  fc.assert(
    fc.property(holdings, holdings, (a, b) => {
      const common = intersect(a, b);
      expect(covers(a, common)).toBe(true);
      expect(covers(b, common)).toBe(true);
      for (const permission of catalogue.permissions)
        expect(holds(common, permission)).toBe(holds(a, permission) && holds(b, permission));
      expect(heldPermissions(catalogue, intersect(b, a))).toEqual(heldPermissions(catalogue, common));
    }),
  );
});

test('the same holdings cover each other', () => {
  fc.assert(
    fc.property(holdings, holdings, (a, b) => {
      expect(sameHoldings(a, { ...a, permissions: new Set(a.permissions) })).toBe(true);
      if (sameHoldings(a, b)) expect(covers(a, b) && covers(b, a)).toBe(true);
    }),
  );
});

test('stored names are followed through aliases, and following twice changes nothing more', () => {
  const stored = fc.subarray([...catalogue.permissions, ...catalogue.aliases.keys()]);
  fc.assert(
    fc.property(stored, (names) => {
      const followed = storedPermissions(catalogue, names);
      expect(storedPermissions(catalogue, [...followed])).toEqual(followed);
      for (const name of followed) expect(catalogue.permissions.has(name)).toBe(true);
    }),
  );
  expect(storedPermissions(catalogue, ['once:known'])).toEqual(new Set(['once:known']));
});

test('a bound key never holds more than its member does, nor more than it was given', () => {
  fc.assert(
    fc.property(fc.boolean(), permissions, holdings, (everything, given, member) => {
      const key = keyHoldings({ everything, permissions: given, bound: true, memberAuthority: member });
      expect(covers(member, key)).toBe(true);
      for (const permission of heldPermissions(catalogue, key)) expect(everything || given.has(permission)).toBe(true);
      if (key.owner) expect(member.owner && everything).toBe(true);
    }),
  );
});

test('a bound key without its member holds nothing; one that stands by itself holds what it was given, never ownership', () => {
  fc.assert(
    fc.property(fc.boolean(), permissions, (everything, given) => {
      const gone = { everything, permissions: given, memberAuthority: undefined };
      expect(heldPermissions(catalogue, keyHoldings({ ...gone, bound: true }))).toEqual(new Set());
      const alone = keyHoldings({ ...gone, bound: false });
      expect(alone).toEqual({ owner: false, everything, permissions: given });
    }),
  );
});

test('a key is as good as its member only where it holds all that they hold', () => {
  fc.assert(
    fc.property(fc.boolean(), permissions, fc.boolean(), holdings, (everything, given, bound, member) => {
      const key = keyHoldings({ everything, permissions: given, bound, memberAuthority: member });
      if (actsInFull(key, member)) expect(covers(key, member)).toBe(true);
      if (member.owner && !everything) expect(actsInFull(key, member)).toBe(false);
    }),
  );
});

test('whoever is not active, or is barred, counts for nothing', () => {
  fc.assert(
    fc.property(
      holdings,
      fc.constantFrom('pending', 'declined', 'expired', 'active'),
      fc.boolean(),
      (held, status, barred) => {
        const counts = status === 'active' && !barred;
        expect(authorityOf({ status, barred, holdings: held } as Parameters<typeof authorityOf>[0])).toBe(
          counts ? held : nothing,
        );
      },
    ),
  );
});

test('a partner holds everything, and ownership only until there is an owner', () => {
  expect(partnerHoldings(false)).toMatchObject({ owner: true, everything: true });
  expect(partnerHoldings(true)).toMatchObject({ owner: false, everything: true });
});

test('who holds more may call whatever who holds less may call', () => {
  const actor = (held: unknown) =>
    ({ kind: 'api_key', holdings: held, member: undefined }) as Parameters<typeof mayCall>[1];
  fc.assert(
    fc.property(
      holdings,
      holdings,
      fc.constantFrom('credential', 'members', 'api_keys', 'activities', 'everything', 'ownership', 'partner'),
      (more, less, access) => {
        if (covers(more, less) && mayCall(catalogue, actor(less), access as 'members'))
          expect(mayCall(catalogue, actor(more), access as 'members')).toBe(true);
      },
    ),
  );
});

import Type from 'typebox';
import type { PermissionName } from '../permission.ts';

const Name = Type.String({
  pattern: '^[a-z][a-z0-9_-]{0,62}$',
  description: 'Lower case letters, digits, underscores and hyphens.',
});
const qualifiedName = '^[a-z][a-z0-9_-]{0,62}:[a-z][a-z0-9_-]{0,62}$';
const QualifiedName = Type.String({
  pattern: qualifiedName,
  description: 'A permission with its feature: `contacts:export`.',
});
const strict = { additionalProperties: false } as const;
const Label = Type.Union(
  [
    Type.String({ minLength: 1, maxLength: 200 }),
    Type.Record(Type.String({ pattern: '^[a-z]{2}$' }), Type.String({ minLength: 1, maxLength: 200 }), {
      ...strict,
      minProperties: 1,
    }),
  ],
  {
    description: 'What people read; either one text or one for each language (`{"en": …, "fr": …}`).',
  },
);

/** The shape of a catalogue file. Published as a JSON Schema so that editors can check a team's own file. */
export const CatalogueFile = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Shown in logs and by GET /organization/features.',
    }),
    resource_type: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'What access checks call a feature: the `resource.type` of AuthZEN. `feature` where absent.',
      }),
    ),
    areas: Type.Record(Name, Type.Object({ label: Label }, strict), {
      ...strict,
      description: 'Groups of features, for the list’s feature_access.',
    }),
    features: Type.Record(
      Name,
      Type.Object(
        {
          label: Label,
          area: Type.Optional(Type.String({ description: 'The area it counts towards; none if absent.' })),
          deprecated: Type.Optional(
            Type.Boolean({ description: 'Accepted, but not needed for an area to be `full`.' }),
          ),
          permissions: Type.Record(Name, Type.Object({ label: Label }, strict), { ...strict, minProperties: 1 }),
        },
        strict,
      ),
      { ...strict, minProperties: 1, description: 'What access is given to. The order here is the order shown.' },
    ),
    aliases: Type.Optional(
      Type.Record(QualifiedName, Type.Array(QualifiedName, { minItems: 1 }), {
        ...strict,
        description: 'Older or other names: each stands for one or several permissions, possibly of other features.',
      }),
    ),
    plans: Type.Record(
      Name,
      Type.Object(
        {
          label: Label,
          seats: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
            description: 'Active members at most; null for no limit.',
          }),
          features: Type.Union(
            [Type.Literal('all'), Type.Record(Name, Type.Union([Type.Literal('all'), Type.Array(Name)]), strict)],
            { description: '`all`, or each feature with `all` or a list of its permissions.' },
          ),
        },
        strict,
      ),
      { ...strict, minProperties: 1 },
    ),
    default_plan: Type.String({ description: 'The plan of a new organization for which none is named.' }),
    administration: Type.Object(
      {
        members: QualifiedName,
        api_keys: QualifiedName,
        activities: QualifiedName,
        access_checks: Type.Optional(
          Type.String({
            pattern: qualifiedName,
            description: 'What a product’s own key needs to ask what members may do; `members` where absent.',
          }),
        ),
      },
      { ...strict, description: 'The permissions that administer Latchkey itself. A plan never masks them.' },
    ),
  },
  { ...strict, $id: 'catalogue.schema.json', title: 'Latchkey catalogue' },
);
export type CatalogueFile = Type.Static<typeof CatalogueFile>;
export type Label = string | Record<string, string>;

export interface Feature {
  name: string;
  label: Label;
  area: string | undefined;
  deprecated: boolean;
  /** Permission (without its feature) to label, in the catalogue's order. */
  permissions: ReadonlyMap<string, Label>;
}

export interface Plan {
  name: string;
  label: Label;
  /** Active members at most; null for no limit. */
  seats: number | null;
  permissions: ReadonlySet<PermissionName>;
}

/** The catalogue as the rules use it: every look-up a Map, every alias followed to its end. */
export interface Catalogue {
  name: string;
  /** What access checks call a feature. */
  resourceType: string;
  areas: ReadonlyMap<string, Label>;
  features: ReadonlyMap<string, Feature>;
  /** Every permission with its feature, in the catalogue's order. */
  permissions: ReadonlySet<PermissionName>;
  /** Alias to the permissions it stands for in the end. */
  aliases: ReadonlyMap<PermissionName, readonly PermissionName[]>;
  plans: ReadonlyMap<string, Plan>;
  defaultPlan: Plan;
  administration: Readonly<Record<Administration, PermissionName>>;
}

export type Administration = 'members' | 'api_keys' | 'activities' | 'access_checks';

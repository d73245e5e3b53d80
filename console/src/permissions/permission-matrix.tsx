import { Checkbox, Fieldset, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { SearchIcon } from '../components/icons.tsx';
import { useWords } from '../words/words.tsx';
import { type Area, areasOf, type Catalogue, type Feature, namesIn } from './catalogue.ts';
import { type Grants, permissionName, withPermissions } from './grants.ts';
import type { Limit, Limits } from './limits.ts';
import classes from './permission-matrix.module.css';

interface Matrix {
  grants: Grants;
  /** What was there before: what differs from it is marked. */
  before: Grants | undefined;
  limits: Limits;
  onChange: (grants: Grants) => void;
  /** Shown, and not to be changed. */
  readOnly: boolean;
}

/**
 * Features by area, a box for each permission. What the plan or the reader's own rights do not allow is there, cannot be
 * chosen, and says why. What is held already can always be taken.
 */
export function PermissionMatrix(
  props: Omit<Matrix, 'readOnly' | 'before'> & {
    catalogue: Catalogue;
    readOnly?: boolean;
    before?: Grants;
    /** Single permissions only. */
    withoutEverything?: boolean;
  },
) {
  const { catalogue, grants, before, limits, onChange, readOnly = false, withoutEverything = false } = props;
  const words = useWords().permissions;
  const [search, setSearch] = useState('');
  const matrix = { grants, before, limits, onChange, readOnly: readOnly || grants.everything };
  const shown = new Set([...grants.permissions, ...(before?.permissions ?? [])]);
  const areas = matching(areasOf(catalogue, shown, words.otherArea), search);
  const everythingBarred = limits.everything !== null && !grants.everything;
  return (
    <Stack gap="md" className={classes.matrix}>
      {!withoutEverything && (
        <div className={classes.everything} data-chosen={grants.everything || undefined}>
          <Switch
            size="md"
            classNames={{ track: classes.track }}
            label={words.everything}
            description={everythingBarred ? words.everythingNotYours : words.everythingHint}
            checked={grants.everything}
            disabled={readOnly || everythingBarred}
            onChange={({ currentTarget }) => onChange({ ...grants, everything: currentTarget.checked })}
          />
        </div>
      )}
      <TextInput
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        leftSection={<SearchIcon size={16} />}
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        maw={320}
      />
      {areas.length === 0 && (
        <Text c="dimmed" role="status">
          {words.nothingFound}
        </Text>
      )}
      {areas.map((area) => (
        <Fieldset key={area.name} variant="unstyled" legend={area.label} classNames={{ legend: classes.legend }}>
          {area.features.map((feature) => (
            <FeatureRow key={feature.feature} feature={feature} {...matrix} />
          ))}
        </Fieldset>
      ))}
    </Stack>
  );
}

const boxClasses = { input: classes.box, icon: classes.icon };

function FeatureRow({ feature, ...matrix }: { feature: Feature } & Matrix) {
  const { grants, limits, onChange, readOnly } = matrix;
  const words = useWords().permissions;
  const whyId = useId();
  const names = namesIn(feature);
  const has = (name: string): boolean => grants.everything || grants.permissions.has(name);
  const held = names.filter(has);
  const changeable = names.filter((name) => limits.of(name) === null || grants.permissions.has(name));
  const allGiven = changeable.every(has);
  const [only, ...others] = new Set(names.map((name) => limits.of(name)));
  // Said once for the feature, rather than at each of its boxes.
  const shared = others.length === 0 && held.length === 0 ? (only ?? null) : null;
  const masked = others.length === 0 && only === 'plan' && held.length === names.length;
  const toggleAll = () =>
    onChange(
      withPermissions(grants, allGiven ? changeable : changeable.filter((name) => limits.of(name) === null), !allGiven),
    );
  return (
    <div className={classes.feature}>
      <div>
        <Checkbox
          classNames={boxClasses}
          label={feature.label}
          aria-label={words.all(feature.label)}
          aria-describedby={whyId}
          fw={600}
          checked={held.length === names.length}
          indeterminate={held.length > 0 && held.length < names.length}
          disabled={readOnly || changeable.length === 0}
          onChange={toggleAll}
        />
        <Text id={whyId} size="xs" c="dimmed" className={classes.count}>
          {shared && limitInWords(words, shared)}
          {masked && words.maskedByPlan}
          {!shared && !masked && held.length > 0 && words.chosen(held.length, names.length)}
        </Text>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset within each fieldset would be read out twice as long */}
      <div role="group" aria-label={feature.label} className={classes.permissions}>
        {feature.permissions.map(({ permission, label }) => (
          <PermissionBox
            key={permission}
            name={permissionName(feature.feature, permission)}
            label={label}
            quiet={shared !== null || masked}
            {...matrix}
          />
        ))}
      </div>
    </div>
  );
}

function PermissionBox(props: { name: string; label: string; quiet: boolean } & Matrix) {
  const { name, label, quiet, grants, before, limits, onChange, readOnly } = props;
  const words = useWords().permissions;
  const whyId = useId();
  const has = grants.everything || grants.permissions.has(name);
  const had = before && (before.everything || before.permissions.has(name));
  const limit = limits.of(name);
  const why = quiet ? undefined : has ? limit === 'plan' && words.maskedByPlan : limit && limitInWords(words, limit);
  return (
    <Checkbox
      className={classes.permission}
      classNames={boxClasses}
      wrapperProps={{ 'data-change': had === undefined || had === has ? undefined : has ? 'gained' : 'lost' }}
      label={label}
      description={why && <span id={whyId}>{why}</span>}
      aria-describedby={why ? whyId : undefined}
      checked={has}
      disabled={readOnly || (!has && limit !== null)}
      onChange={({ currentTarget }) => onChange(withPermissions(grants, [name], currentTarget.checked))}
    />
  );
}

const limitInWords = (words: { notInPlan: string; notYours: string }, limit: Limit): string =>
  limit === 'plan' ? words.notInPlan : words.notYours;

/** Areas and features in whose labels, or in those of their permissions, the words stand. */
function matching(areas: Area[], search: string): Area[] {
  const wanted = search.trim().toLocaleLowerCase();
  if (wanted === '') return areas;
  const has = (text: string): boolean => text.toLocaleLowerCase().includes(wanted);
  return areas
    .map((area) => ({
      ...area,
      features: has(area.label)
        ? area.features
        : area.features.filter(({ label, permissions }) => has(label) || permissions.some((one) => has(one.label))),
    }))
    .filter(({ features }) => features.length > 0);
}

import type { ListFeaturesReply } from '@latchkey/client';
import { type ComboboxItemGroup, Select } from '@mantine/core';
import { useMemo } from 'react';
import { ShieldCheckIcon } from '../../components/icons.tsx';
import { useCatalogue } from '../../held.ts';
import { permissionName } from '../../permissions/grants.ts';
import { useOrganization } from '../../session.tsx';
import { useWords, type Words } from '../../words/words.tsx';

/**
 * Asks who may do something.
 * @param value a permission, `contacts:export`, or a feature for anything in it
 */
export function HoldsSelect(props: { value: string | undefined; onChange: (name: string | undefined) => void }) {
  const { value, onChange } = props;
  const { people: words } = useWords();
  const { data: catalogue } = useCatalogue(useOrganization().id);
  const groups = useMemo(() => (catalogue ? groupsOf(catalogue, words) : []), [catalogue, words]);
  const isKnown = value === undefined || groups.some(({ items }) => items.some((item) => item.value === value));
  return (
    <Select
      aria-label={words.holds}
      placeholder={words.holdsPlaceholder}
      leftSection={<ShieldCheckIcon size={18} />}
      data={isKnown ? groups : [value, ...groups]}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': words.clearHolds, 'aria-hidden': false, tabIndex: 0 }}
      nothingFoundMessage={words.noSuchPermission}
      maxDropdownHeight={360}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}

/** What the plan lacks nobody may do. Each name stands in the whole, so that it is found by either of its words. */
function groupsOf(
  catalogue: ListFeaturesReply,
  words: Words['people'],
): ComboboxItemGroup<{ value: string; label: string }>[] {
  return catalogue.features
    .map(({ feature, label, deprecated, permissions }) => ({
      group: label,
      items: [
        { value: feature, label: words.anythingIn(label) },
        ...permissions
          .filter(({ in_plan }) => in_plan && !deprecated)
          .map((one) => ({
            value: permissionName(feature, one.permission),
            label: words.permissionIn(label, one.label),
          })),
      ],
    }))
    .filter(({ items }) => items.length > 1);
}

import { Pill, PillsInput } from '@mantine/core';
import { type ClipboardEvent, type KeyboardEvent, type Ref, useState } from 'react';
import { announce } from '../../components/announce.tsx';
import { useWords } from '../../words/words.tsx';
import classes from './address-field.module.css';
import { type Address, mergeAddresses, readAddresses } from './addresses.ts';

/** What was entered: addresses that are done, and what is being typed. */
export interface Entered {
  addresses: Address[];
  text: string;
}

export const nobody: Entered = { addresses: [], text: '' };

/** What was typed counts too, though nobody has ended it. */
export const completed = ({ addresses, text }: Entered): Address[] =>
  mergeAddresses([...addresses, ...readAddresses(text)]);

/** Addresses, typed one by one or pasted all at once; each can be taken out again. */
export function AddressField(props: {
  ref?: Ref<HTMLInputElement>;
  entered: Entered;
  onChange: (entered: Entered) => void;
  /** Addresses that will not be invited, though they are ones. */
  refused: ReadonlySet<string>;
  error: string | undefined;
}) {
  const { ref, entered, onChange, refused, error } = props;
  const { addresses, text } = entered;
  const words = useWords().invite;
  const [focused, setFocused] = useState(false);

  const add = (more: string) => {
    const read = readAddresses(more);
    const merged = mergeAddresses([...addresses, ...read]);
    const added = merged.length - addresses.length;
    onChange({ addresses: merged, text: '' });
    const faulty = merged.slice(addresses.length).filter((address) => 'fault' in address).length;
    if (read.length > 0) announce(words.added(added, faulty, read.length - added));
  };

  const remove = (address: Address) => {
    onChange({ ...entered, addresses: addresses.filter((other) => other !== address) });
    announce(words.removed(address.written));
  };

  // By what stands there, since keyboards on a screen do not tell their keys.
  const onType = (typed: string) => (isEnded(typed) ? add(typed) : onChange({ ...entered, text: typed }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const last = addresses.at(-1);
    if (event.key === 'Backspace' && text === '' && last) return remove(last);
    if (event.key !== 'Enter' || text.trim() === '') return;
    event.preventDefault();
    add(text);
  };

  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData('text/plain');
    if (!/[@,;\n]/.test(pasted)) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    add(text.slice(0, selectionStart ?? text.length) + pasted + text.slice(selectionEnd ?? text.length));
  };

  return (
    <PillsInput label={words.addresses} description={words.addressesHint} error={error} size="md">
      <Pill.Group>
        {addresses.map((address) => (
          <Pill
            key={'email' in address ? address.email : `\n${address.written}`}
            size="md"
            className={classes.pill}
            data-bad={'fault' in address || refused.has(address.email) || undefined}
            withRemoveButton
            removeButtonProps={{ 'aria-label': words.remove(address.written), 'aria-hidden': false, tabIndex: 0 }}
            onRemove={() => remove(address)}
          >
            {'email' in address ? address.email : address.written}
          </Pill>
        ))}
        <PillsInput.Field
          ref={ref}
          value={text}
          placeholder={addresses.length === 0 && !focused ? words.placeholder : ''}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          inputMode="email"
          enterKeyHint="done"
          className={classes.field}
          onChange={({ currentTarget }) => onType(currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            if (text.trim() !== '') add(text);
          }}
        />
      </Pill.Group>
    </PillsInput>
  );
}

/** A comma ends an address, and a space behind one; but neither ends a name before an address. */
function isEnded(text: string): boolean {
  const read = readAddresses(text);
  const found = read.filter((address) => 'email' in address).length;
  const unquoted = text.replaceAll(/"[^"]*"?/g, '');
  return /[,;]/.test(unquoted) || found > 1 || (found === read.length && /\s$/.test(text) && found > 0);
}

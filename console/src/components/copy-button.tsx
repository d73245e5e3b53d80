import { Button, type ButtonProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useWords } from '../words/words.tsx';
import { announce } from './announce.tsx';
import { CheckIcon, CopyIcon } from './icons.tsx';

/** Copies a text, and says that it did. */
export function CopyButton({ text, label, ...rest }: { text: string; label?: string } & ButtonProps) {
  const { common } = useWords();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    const worked = await copyText(text);
    setCopied(worked);
    announce(worked ? common.copied : common.copyFailed);
  };

  return (
    <Button
      variant="default"
      leftSection={copied ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
      {...rest}
      onClick={copy}
    >
      {copied ? common.copied : (label ?? common.copy)}
    </Button>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyFromField(text);
  }
}

/** On plain http browsers have no clipboard for pages, but still copy what is selected. */
function copyFromField(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'copied-from';
  document.body.append(field);
  field.select();
  const worked = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return worked;
}

import { Button, type ButtonProps } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../words/words.tsx';
import { CopyLinkDialog } from './copy-link-dialog.tsx';
import { LinkIcon } from './icons.tsx';

/** For handing an invitation's link over by another way than mail. */
export function CopyLinkButton({ email, ...rest }: { email: string } & ButtonProps) {
  const { invite: words } = useWords();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<LinkIcon size={16} />}
        {...rest}
        aria-label={words.copyLinkOf(email)}
        onClick={() => setOpened(true)}
      >
        {words.copyLink}
      </Button>
      <CopyLinkDialog email={opened ? email : undefined} onClose={() => setOpened(false)} />
    </>
  );
}

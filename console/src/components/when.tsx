import { useFormats } from '../words/words.tsx';

/** A moment as distance from now, `3 hours ago`; the exact one is in its title. */
export function When({ date }: { date: string }) {
  const formats = useFormats();
  return (
    <time dateTime={date} title={formats.moment(date)}>
      {formats.relative(date)}
    </time>
  );
}

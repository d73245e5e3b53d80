/** An address or range, and the line of the field in which it stands, from 1 on. */
export interface AddressLine {
  line: number;
  written: string;
}

/** What stands in a field with an address or range a line; empty lines count as lines, and are nothing else. */
export const addressLines = (text: string): AddressLine[] =>
  text
    .split('\n')
    .map((written, index) => ({ line: index + 1, written: written.trim() }))
    .filter(({ written }) => written !== '');

/** The lines that the server would refuse, so that nobody has to wait to hear it; what it then says still counts. */
export const mistaken = (lines: readonly AddressLine[]): AddressLine[] =>
  lines.filter(({ written }) => !isAddressRange(written));

function isAddressRange(written: string): boolean {
  const [address = '', prefix, ...rest] = written.split('/');
  const longest = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1;
  if (longest === -1 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest);
}

const isIpv4 = (text: string): boolean =>
  /^(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(\.(?!$)(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])){3}$/.test(text);

/** The browser reads them as part of addresses of pages. */
const isIpv6 = (text: string): boolean => /^[0-9a-f:.]{2,45}$/i.test(text) && URL.canParse(`http://[${text}]/`);

/**
 * An address in the form in which the server keeps it: trimmed, NFC, lower case, the domain in ASCII. The platform's URL
 * parser knows how domains are written in ASCII; what it refuses is nobody's address.
 */
export function canonicalName(name: string): string {
  const folded = name.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = folded.lastIndexOf('@');
  const domain = folded.slice(at + 1);
  if (/^[a-z0-9.-]*$/.test(domain)) return folded;
  // In a URL these end the host, or are taken out or decoded; in an address they make it nobody's.
  if (/[\p{C}\p{Z}/\\?#:%[\]<>^|]/u.test(domain)) return folded;
  try {
    return folded.slice(0, at + 1) + new URL(`http://${domain}`).hostname;
  } catch {
    return folded;
  }
}

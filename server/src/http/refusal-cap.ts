/** How many refused attempts of one credential are written down in a minute: enough to see them, too few to fill a disk. */
export function refusalCap(
  perMinute: number,
  now: () => number = performance.now.bind(performance),
): { allow(credentialId: string): boolean } {
  let minute = 0;
  let counts = new Map<string, number>();
  return {
    allow(credentialId) {
      const current = Math.floor(now() / 60_000);
      if (current !== minute) {
        minute = current;
        counts = new Map();
      }
      const count = (counts.get(credentialId) ?? 0) + 1;
      counts.set(credentialId, count);
      return count <= perMinute;
    },
  };
}

/** Our mark, a key. It only ever stands beside the name. */
export function Mark({ height = 18 }: { height?: number }) {
  return (
    <svg
      viewBox="3 12 44 24"
      height={height}
      width={(height * 44) / 24}
      fill="none"
      stroke="var(--console-brass)"
      strokeWidth={3.25}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="15" cy="24" r="9.5" />
      <path d="M24.5 24 H44 V32.5 M36 24 V30" />
    </svg>
  );
}

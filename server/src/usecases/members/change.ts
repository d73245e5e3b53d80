/** What a change of one member came to: `unchanged` where it was a repetition, or asked for what is so already. */
export interface Change {
  outcome: 'done' | 'unchanged';
  /** The organization's revision, where active access is concerned. */
  revision?: number;
}

/** A member as every local peer is told of one. */
export interface Person {
  email: string;
  everything: boolean;
  /** `feature:permission` */
  permissions: string[];
}

/** One of those who answer in the same process. */
export interface LocalPeer {
  name: string;
  /** Asks so many questions of the list, beginning at a place, and counts the yes. */
  ask(from: number, questions: number): number;
  /** How many to ask in one round; the slow ones are asked less. */
  atOnce: number;
}

/** Every question in the order in which it is asked: whose, and what. */
export interface Questions {
  people: readonly Person[];
  /** Numbers of people in random order. */
  order: Uint32Array;
  /** Their addresses in that order, each a string of its own and beside the one before, as what has just come with a request is at hand. */
  names: readonly string[];
  features: readonly string[];
  permissions: readonly string[];
}

/** Which of the features and permissions a question is about; their number is a power of two. */
export const whatOf = (place: number, { features }: Questions): number => place & (features.length - 1);

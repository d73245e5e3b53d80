/** One question of AuthZEN 1.0, reduced to what decides it here; properties and context are passed over. */
export interface Evaluation {
  subjectType: string;
  subjectId: string;
  action: string;
  resourceType: string;
  resourceId: string;
}

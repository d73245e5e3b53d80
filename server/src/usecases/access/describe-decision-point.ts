import { type Api, api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';

/** The metadata of AuthZEN 1.0. @param publicUrl the identifier of the decision point, which everything stands below */
export const describeDecisionPoint = (publicUrl: string): Reply<Api['describeDecisionPoint']> => ({
  policy_decision_point: publicUrl,
  access_evaluation_endpoint: publicUrl + api.evaluate.path,
  access_evaluations_endpoint: publicUrl + api.evaluateMany.path,
  search_subject_endpoint: publicUrl + api.searchSubjects.path,
  search_resource_endpoint: publicUrl + api.searchResources.path,
  search_action_endpoint: publicUrl + api.searchActions.path,
});

/** One member as snapshots and changes tell of them; the server's contract says more of each field. */
export interface MemberState {
  id: string;
  email: string;
  external_id?: string;
  active: boolean;
  owner: boolean;
  all_features_access: boolean;
  permissions: string;
  suspended: boolean;
  access_expires_at: string | null;
}

export interface SnapshotHead {
  organization_id: string;
  revision: number;
  epoch: string;
  vocabulary: string;
  plan: string;
  now: number;
}

/** A line of a snapshot: the head first, the end last. */
export interface SnapshotLine {
  head?: SnapshotHead;
  member?: MemberState;
  end?: { members: number };
}

/** A change of access, as the stream tells it. */
export interface ChangeEvent {
  revision: number;
  vocabulary: string;
  members: MemberState[];
  former_external_ids: string[];
  plan?: string;
}

import type { CatalogueVocabulary } from '@latchkey/core/access/catalogue-vocabulary.ts';
import type { AccessIndex } from './access-index.ts';
import type { AccessFeed } from './feed.ts';
import type { Followers } from './followers.ts';

/** What answers "may they?": what is known, how current it is, and the names it is asked in. */
export interface AccessChecks {
  feed: AccessFeed;
  index: AccessIndex;
  vocabulary: CatalogueVocabulary;
  followers: Followers;
}

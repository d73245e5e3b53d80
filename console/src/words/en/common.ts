export const common = {
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  saved: 'Saved.',
  retry: 'Try again',
  loading: 'Loading…',
  more: 'Show more',
  copy: 'Copy',
  copied: 'Copied.',
  copyFailed: 'Your browser does not let us copy. Select the text and copy it yourself.',
  never: 'never',
};

/** What every page of ours is sent with: nothing of others runs in it, frames it, or learns where it led. */
export const pageHeaders = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-robots-tag': 'noindex, nofollow',
};

/**
 * The Content-Security-Policy of a page. No page of ours takes anything from elsewhere or runs what stands in its markup.
 * @param styles where styles may come from besides our own files
 * @param trustedTypes which policies may turn text into markup; browsers that know them refuse everybody else
 */
export function contentSecurityPolicy({ styles, trustedTypes }: { styles?: string; trustedTypes: string }): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${styles ? ` ${styles}` : ''}`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypes}`,
  ].join('; ');
}

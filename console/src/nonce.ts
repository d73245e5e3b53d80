/** The nonce of this page's answer, without which browsers take no style element of ours. */
export const nonce: string = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

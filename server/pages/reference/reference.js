// The API reference: Scalar, shown our own document, and told whom a request is made as.
const root = new URL('./', document.baseURI);
const choice = document.getElementById('organization');

const [session, openApi] = await Promise.all([signedIn(), described()]);
if (session) showWho(session);

window.Scalar.createApiReference('#reference', {
  content: openApi,
  customFetch: fetchAsTheReader,
  // Nothing leaves this page for anywhere but this server, and no key outlives it.
  persistAuth: false,
  telemetry: false,
  withDefaultFonts: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  // Light and dark are the system’s, as on all our pages.
  hideDarkModeToggle: true,
  documentDownloadType: 'none',
  agent: { disabled: true },
  mcp: { disabled: true },
  orderSchemaPropertiesBy: 'preserve',
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  authentication: { preferredSecurityScheme: 'api-key' },
});

/** Who is signed in here, by the session's cookie; undefined for nobody. */
async function signedIn() {
  const answer = await fetch(new URL('v3/session', root), { headers: { 'latchkey-session': '1' } });
  return answer.ok ? await answer.json() : undefined;
}

function showWho({ email, organizations }) {
  document.getElementById('who-words').textContent =
    `You are signed in as ${email}. Requests without a key are made as you.`;
  for (const { id, name } of organizations) choice.append(new Option(name, id));
  document.getElementById('organization-choice').hidden = organizations.length === 0;
}

/** The document as this page can use it: at the address where it is read, and with the session left to us. */
async function described() {
  const openApi = await (await fetch(new URL('openapi.json', root))).json();
  const known = openApi.servers[0].url.replace(/\/v3$/, '');
  const here = root.href.replace(/\/$/, '');
  const move = (part) => {
    for (const server of part.servers ?? []) server.url = server.url.replace(known, here);
  };
  move(openApi);
  leaveOutSession(openApi);
  for (const item of Object.values(openApi.paths)) {
    move(item);
    for (const operation of Object.values(item)) leaveOutSession(operation);
  }
  delete openApi.components.securitySchemes.session;
  delete openApi.components.securitySchemes['session-header'];
  return openApi;
}

function leaveOutSession(part) {
  if (part.security) part.security = part.security.filter((way) => !('session' in way));
}

/** Without a key a request is made as whoever is signed in: the session counts only with its header. */
function fetchAsTheReader(input, init) {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== root.origin) return fetch(request);
  const headers = new Headers(request.headers);
  if (!['api-key', 'authorization', 'partner-key'].some((name) => headers.get(name))) {
    headers.set('latchkey-session', '1');
    if (choice.value && !headers.get('organization-id')) headers.set('organization-id', choice.value);
  }
  return fetch(new Request(request, { headers, credentials: 'same-origin', cache: 'no-store' }));
}

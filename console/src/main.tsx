import './trusted-types.ts';
import './link-token.ts';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './main.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveRegion } from './components/announce.tsx';
import { Corner } from './components/corner.tsx';
import { keepFocus } from './components/kept-focus.ts';
import { queryClient } from './latchkey.ts';
import { nonce } from './nonce.ts';
import { router } from './routes.tsx';
import { theme, variables } from './theme.ts';
import { WordsProvider } from './words/words.tsx';

// For the style element that keeps the page behind a dialog from scrolling.
setNonce(nonce);

keepFocus();

const colorSchemes = localStorageColorSchemeManager({ key: 'latchkey-color-scheme' });

createRoot(document.getElementById('root') as HTMLElement).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={variables}
    colorSchemeManager={colorSchemes}
    defaultColorScheme="auto"
    getStyleNonce={() => nonce}
  >
    <Suspense>
      <WordsProvider>
        <QueryClientProvider client={queryClient}>
          <Corner />
          <LiveRegion />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </WordsProvider>
    </Suspense>
  </MantineProvider>,
);

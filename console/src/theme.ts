import {
  type AnchorProps,
  type BadgeProps,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MenuProps,
  type ModalProps,
  type TableProps,
  type TooltipProps,
} from '@mantine/core';

/** The green of the key in our mark, in ten shades. The eighth carries white text, the fifth stands on dark ground. */
const latchkey: MantineColorsTuple = [
  '#eaf6f3',
  '#d3ebe5',
  '#a9d8cd',
  '#7cc4b4',
  '#5fbcaa',
  '#369d89',
  '#1f8573',
  '#0f6b5f',
  '#0b5a50',
  '#084840',
];

const red: MantineColorsTuple = [
  '#fdf0ef',
  '#fadcda',
  '#f5b9b5',
  '#f09a94',
  '#f28b85',
  '#db4f49',
  '#c63a35',
  '#a3262a',
  '#8a1f23',
  '#6f181b',
];

/** The brass of the mark. */
const yellow: MantineColorsTuple = [
  '#fdf7e7',
  '#fbeecb',
  '#f5dc95',
  '#eec95f',
  '#e3b23c',
  '#c8932a',
  '#a8782a',
  '#8a6118',
  '#714e12',
  '#5a3d0c',
];

/** Text first, then lines, then grounds, as Mantine counts in the dark. */
const dark: MantineColorsTuple = [
  '#eef0f2',
  '#cdd2d8',
  '#a9b1ba',
  '#8b939c',
  '#434a52',
  '#363c43',
  '#1d2125',
  '#14171a',
  '#0f1214',
  '#0b0d0e',
];

/** The one visual language of the console: system fonts, quiet lines, one green. Contrast is AA or better in both schemes. */
export const theme = createTheme({
  primaryColor: 'latchkey',
  primaryShade: 7,
  colors: { latchkey, red, yellow, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.625rem', lineHeight: '1.25' }, h2: { fontSize: '1.125rem', lineHeight: '1.35' } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Anchor: byDefault<AnchorProps>({ underline: 'always' }),
    Badge: byDefault<BadgeProps>({ variant: 'light', tt: 'none', fw: 550 }),
    // Without the placeholder, which is no menu item, the first item has the focus.
    Menu: byDefault<MenuProps>({ withInitialFocusPlaceholder: false }),
    Modal: byDefault<ModalProps>({ centered: true, radius: 'lg', padding: 'lg' }),
    // What stands above a dialog is no banner of the page.
    ModalHeader: { defaultProps: { component: 'div' } },
    DrawerHeader: { defaultProps: { component: 'div' } },
    Table: byDefault<TableProps>({ verticalSpacing: 'sm', highlightOnHover: true }),
    Tooltip: byDefault<TooltipProps>({ events: { hover: true, focus: true, touch: true } }),
  },
});

/** Where Mantine's own shades are too faint to be read, and the grounds that are ours. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1c2127',
    '--mantine-color-dimmed': '#5a626c',
    '--mantine-color-placeholder': '#6b727b',
    '--mantine-color-error': red[7],
    '--mantine-color-anchor': latchkey[7],
    '--mantine-color-default-border': '#d5d3cb',
    '--console-sidebar': '#f4f3ef',
    '--console-line': '#dfddd6',
    '--console-brass': '#a8782a',
    '--console-chosen': '#e4ebe6',
    '--console-control': '#8a8f96',
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': '#98a1ab',
    '--mantine-color-error': '#ff9d97',
    '--mantine-color-anchor': latchkey[3],
    '--console-sidebar': '#191c20',
    '--console-line': '#2c3238',
    '--console-brass': '#d9b066',
    '--console-chosen': '#22312f',
    '--console-control': '#7d858e',
    // The grounds of badges and notices, which Mantine would hardly tell from the page.
    '--mantine-color-latchkey-light': '#17372f',
    '--mantine-color-latchkey-light-color': '#8fd0c1',
    '--mantine-color-yellow-light': '#3b2d10',
    '--mantine-color-yellow-light-color': '#f2d78f',
    '--mantine-color-red-light': '#43201f',
    '--mantine-color-red-light-color': '#f5b9b5',
    '--mantine-color-gray-light': '#2b3138',
    '--mantine-color-gray-light-color': dark[1],
  },
});

/** By name: the components' own `extend` would have every page load them all. */
function byDefault<Props>(defaultProps: Partial<Props>) {
  return { defaultProps };
}

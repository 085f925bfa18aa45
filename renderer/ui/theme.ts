/** The look of the pages: one typeface, one accent colour, small type and tight spacing for dense tables. */
import { type CSSVariablesResolver, createTheme } from '@mantine/core';

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  black: '#1a1d21',
  colors: {
    dark: [
      '#d8dbdf',
      '#adb3ba',
      '#8b929a',
      '#5e656d',
      '#3c4148',
      '#2c2f34',
      '#22252a',
      '#1b1d21',
      '#141518',
      '#0f1012',
    ],
  },
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  defaultRadius: 'sm',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.3' },
      h2: { fontSize: '15px', lineHeight: '1.4' },
      h3: { fontSize: '14px', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  focusRing: 'auto',
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Alert: { defaultProps: { variant: 'outline' }, styles: { root: { background: 'var(--surface)' } } },
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } },
      styles: { description: { color: 'var(--quiet)' } },
    },
    Badge: { styles: { label: { fontWeight: 500 } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, multiline: true, maw: 320, fz: 'xs' } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
  },
});

/** Grey and red text that is read easily (4.5 to 1 and more, WCAG 2.2 AA); the library's own is paler. */
export const readableText: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636b',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-red-outline': '#c92a2a',
    '--mantine-color-teal-outline': '#066649',
  },
  dark: {
    '--mantine-color-dimmed': '#a0a6ad',
    '--mantine-color-placeholder': '#8b929a',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-red-outline': '#ff8787',
  },
});

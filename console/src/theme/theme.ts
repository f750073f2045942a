import { type CSSVariablesResolver, createTheme, darken, type MantineColorsTuple } from "@mantine/core";

const lagoon: MantineColorsTuple = [
  "#e8f6f7",
  "#d3eaec",
  "#a8d4d8",
  "#79bec4",
  "#53abb3",
  "#3a9fa9",
  "#2b8f99",
  "#1f6f78",
  "#175c64",
  "#0c4950",
];

// Popups render inside the page's landmark, where screen readers expect them.
const inPage = { defaultProps: { portalProps: { target: "#page" } } };
// A dialog's header is not a page banner.
const headOfDialog = { defaultProps: { role: "none" } };

export const theme = createTheme({
  primaryColor: "lagoon",
  colors: { lagoon },
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  respectReducedMotion: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1.2rem" } } },
  components: {
    Combobox: inPage,
    Popover: inPage,
    // A menu may contain only menu items.
    Menu: { defaultProps: { ...inPage.defaultProps, withInitialFocusPlaceholder: false } },
    ModalHeader: headOfDialog,
    DrawerHeader: headOfDialog,
    // Notifications close by themselves; one that stays sets its own close button.
    Notification: { defaultProps: { withCloseButton: false } },
  },
});

/** Text on its tint, and white on red, with a contrast of at least 4.5. */
const readable = (colors: Record<string, MantineColorsTuple>): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(colors).map(([name, shades]) => [
      `--mantine-color-${name}-light-color`,
      name === "gray" ? shades[8] : darken(shades[9], 0.25),
    ]),
  ),
  "--mantine-color-red-filled": colors["red"]![9],
  "--mantine-color-red-filled-hover": darken(colors["red"]![9], 0.15),
});

/** Replaces library greys whose contrast is below 4.5. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    ...readable(colors),
    "--mantine-color-dimmed": colors.gray[7],
    "--mantine-color-placeholder": colors.gray[7],
    "--mantine-color-error": colors.red[8],
    "--mantine-color-anchor": colors["lagoon"]![7]!,
  },
  dark: {
    "--mantine-color-red-filled": colors.red[9],
    "--mantine-color-dimmed": colors.dark[1],
    "--mantine-color-placeholder": colors.dark[1],
    "--mantine-color-error": colors.red[4],
    "--mantine-color-anchor": colors["lagoon"]![3]!,
  },
});

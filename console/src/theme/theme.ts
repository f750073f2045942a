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

// What opens above the page belongs to it: screen readers find it in the page's landmark.
const inPage = { defaultProps: { portalProps: { target: "#page" } } };
// A dialog's head is none of the page.
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
    // Its items alone may be in a menu.
    Menu: { defaultProps: { ...inPage.defaultProps, withInitialFocusPlaceholder: false } },
    ModalHeader: headOfDialog,
    DrawerHeader: headOfDialog,
    // They go by themselves. One that stays names the button that ends it.
    Notification: { defaultProps: { withCloseButton: false } },
  },
});

/** Texts in a colour on a tint of it, and white on the red of what is dangerous. */
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

/** Where the library's greys are too pale to be read by everyone (contrast under 4.5). */
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

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

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
});

/** Where the library's greys are too pale to be read by everyone (contrast under 4.5). */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": colors.gray[7],
    "--mantine-color-placeholder": colors.gray[7],
    "--mantine-color-error": colors.red[8],
    "--mantine-color-anchor": colors["lagoon"]![7]!,
  },
  dark: {
    "--mantine-color-dimmed": colors.dark[1],
    "--mantine-color-placeholder": colors.dark[1],
    "--mantine-color-error": colors.red[4],
    "--mantine-color-anchor": colors["lagoon"]![3]!,
  },
});

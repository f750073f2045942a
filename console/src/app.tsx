import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./theme/page.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { LocaleProvider } from "./i18n/locale.tsx";
import { router } from "./router.tsx";
import { queryClient } from "./session/query-client.ts";
import { LazyNotifications } from "./shell/notifications.tsx";
import { styleNonce } from "./theme/style-nonce.ts";
import { cssVariables, theme } from "./theme/theme.ts";

export const App = () => (
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <LocaleProvider>
        <QueryClientProvider client={queryClient}>
          <LazyNotifications />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LocaleProvider>
    </MantineProvider>
  </StrictMode>
);

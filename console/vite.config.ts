import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compiledMessages } from "./build/compiled-messages.ts";
import { routesAsFacts } from "./build/routes-as-facts.ts";

export default defineConfig({
  plugins: [react(), routesAsFacts(), compiledMessages()],
  build: {
    target: "es2023",
    // The policy of the page allows no data: scripts and no inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

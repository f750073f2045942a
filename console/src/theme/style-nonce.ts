import { setNonce } from "get-nonce";

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

// react-remove-scroll, which locks scrolling behind dialogs, reads the nonce from here.
setNonce(nonce);

/** The CSP nonce for style sheets that the component library inserts. */
export const styleNonce = (): string => nonce;

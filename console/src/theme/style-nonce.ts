import { setNonce } from "get-nonce";

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

// What keeps the page still behind a dialog asks there.
setNonce(nonce);

/** What lets a style sheet that the component library writes into the page pass the page's policy. */
export const styleNonce = (): string => nonce;

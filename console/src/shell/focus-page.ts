/** Puts the focus at the beginning of the page, when what had it is gone. */
export const focusPage = (): void => document.getElementById("page")?.focus({ preventScroll: true });

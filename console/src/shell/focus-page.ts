/** Moves the focus to the page after the focused element was removed. */
export const focusPage = (): void => document.getElementById("page")?.focus({ preventScroll: true });

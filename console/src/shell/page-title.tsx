/** Title of the browser tab: the page, then the product. */
export const PageTitle = ({ title }: { title: string }) => <title>{`${title} · Clientele`}</title>;

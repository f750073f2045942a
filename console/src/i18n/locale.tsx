import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { IntlProvider } from "use-intl";
import type en from "./en.ts";
import { type Locale, loadedMessages, loadLocale, locales, onMessagesLoaded } from "./loaded-messages.ts";

declare module "use-intl" {
  interface AppConfig {
    Messages: typeof en;
    Locale: Locale;
  }
}

const storageKey = "clientele.locale";
const isLocale = (text: string | null | undefined): text is Locale => locales.includes(text as Locale);

function preferred(): Locale {
  const chosen = localStorage.getItem(storageKey);
  if (isLocale(chosen)) return chosen;
  return navigator.languages.map((language) => language.slice(0, 2)).find(isLocale) ?? "en";
}

type LocaleState = {
  locale: Locale;
  /** Sets this browser's language. */
  setLocale: (locale: Locale) => void;
  /** Uses the person's language, unless this browser has its own. */
  adoptLocale: (locale: Locale) => void;
};
const LocaleContext = createContext<LocaleState | null>(null);

export const useLocale = (): LocaleState => useContext(LocaleContext)!;

export function LocaleProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState(preferred);
  const loaded = useSyncExternalStore(onMessagesLoaded, loadedMessages);
  const choose = useCallback((chosen: Locale) => {
    localStorage.setItem(storageKey, chosen);
    setLocale(chosen);
  }, []);
  const adopt = useCallback((preferredLocale: Locale) => {
    if (localStorage.getItem(storageKey) === null) setLocale(preferredLocale);
  }, []);
  useEffect(() => void loadLocale(locale), [locale]);
  useEffect(() => {
    if (loaded) document.documentElement.lang = loaded.locale;
  }, [loaded]);
  if (loaded === null) return null;
  return (
    <LocaleContext value={{ locale: loaded.locale, setLocale: choose, adoptLocale: adopt }}>
      <IntlProvider
        locale={loaded.locale}
        messages={loaded.texts}
        timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        {children}
      </IntlProvider>
    </LocaleContext>
  );
}

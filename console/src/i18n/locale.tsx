import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import { IntlProvider } from "use-intl";
import type en from "./en.ts";

export const locales = ["en", "de"] as const;
export type Locale = (typeof locales)[number];

declare module "use-intl" {
  interface AppConfig {
    Messages: typeof en;
    Locale: Locale;
  }
}

const loadMessages = {
  en: () => import("./en.ts"),
  // What is missing in a translation fails to compile here.
  de: (): Promise<{ default: typeof en }> => import("./de.ts"),
};

const storageKey = "clientele.locale";
const isLocale = (text: string | null | undefined): text is Locale => locales.includes(text as Locale);

function preferred(): Locale {
  const chosen = localStorage.getItem(storageKey);
  if (isLocale(chosen)) return chosen;
  return navigator.languages.map((it) => it.slice(0, 2)).find(isLocale) ?? "en";
}

type Choice = {
  locale: Locale;
  /** Chooses one for this browser. */
  setLocale: (locale: Locale) => void;
  /** Takes the one that the person has chosen for themselves, unless this browser has one of its own. */
  adoptLocale: (locale: Locale) => void;
};
const Chosen = createContext<Choice | null>(null);

/** The language of the console, and a way to choose another. */
export const useLocale = (): Choice => useContext(Chosen)!;

export function LocaleProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState(preferred);
  const [loaded, setLoaded] = useState<{ locale: Locale; messages: typeof en } | null>(null);
  const choose = useCallback((chosen: Locale) => {
    localStorage.setItem(storageKey, chosen);
    setLocale(chosen);
  }, []);
  const adopt = useCallback((theirs: Locale) => {
    if (localStorage.getItem(storageKey) === null) setLocale(theirs);
  }, []);
  useEffect(() => {
    let isCurrent = true;
    void loadMessages[locale]().then(({ default: messages }) => {
      if (!isCurrent) return;
      document.documentElement.lang = locale;
      setLoaded({ locale, messages });
    });
    return () => {
      isCurrent = false;
    };
  }, [locale]);
  if (loaded === null) return null;
  return (
    <Chosen value={{ locale: loaded.locale, setLocale: choose, adoptLocale: adopt }}>
      <IntlProvider
        locale={loaded.locale}
        messages={loaded.messages}
        timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        {children}
      </IntlProvider>
    </Chosen>
  );
}

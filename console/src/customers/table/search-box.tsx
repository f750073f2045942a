import { CloseButton, Kbd, Loader, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import classes from "../customers-page.module.css";

type Props = {
  q: string;
  onSearch: (q: string) => void;
  isSearching: boolean;
  /** Moves the focus to the results. */
  onLeave: () => void;
};

/** Searches on every key press. The input is the source of truth while typing; the URL follows. */
export function SearchBox({ q, onSearch, isSearching, onLeave }: Props) {
  const t = useTranslations("customers.table.search");
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  const [requested, setRequested] = useState(q);
  const [lastQ, setLastQ] = useState(q);
  // The URL changed on its own: back, forward or another view.
  if (lastQ !== q) {
    setLastQ(q);
    if (q !== requested) {
      setText(q);
      setRequested(q);
    }
  }
  useHotkeys([["/", () => input.current?.select()]]);
  const type = (value: string) => {
    setText(value);
    setRequested(value.trim());
    onSearch(value.trim());
  };
  return (
    <TextInput
      ref={input}
      className={classes.search!}
      type="search"
      role="searchbox"
      aria-label={t("label")}
      placeholder={t("placeholder")}
      autoComplete="off"
      spellCheck={false}
      maxLength={500}
      leftSection={isSearching ? <Loader size={16} aria-hidden /> : <IconSearch size={16} aria-hidden />}
      rightSection={
        text === "" ? (
          <Kbd aria-hidden>/</Kbd>
        ) : (
          <CloseButton size="sm" aria-label={t("clear")} onClick={() => type("")} />
        )
      }
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") type("");
        else if (event.key === "ArrowDown" || event.key === "Enter") onLeave();
        else return;
        event.preventDefault();
      }}
    />
  );
}

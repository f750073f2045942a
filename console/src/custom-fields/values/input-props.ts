import type { ReactNode } from "react";

/** Props of an input that has a button or a list beside it. */
export type InputProps = {
  id: string;
  label: ReactNode;
  /** Field name for the label of the button or list. */
  name: string;
  value: string;
  onChange: (value: string) => void;
  error?: ReactNode;
  description?: ReactNode;
  required: boolean;
  disabled: boolean;
};

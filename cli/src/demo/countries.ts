import type { Faker } from "@faker-js/faker";
import { faker as da } from "@faker-js/faker/locale/da";
import { faker as de } from "@faker-js/faker/locale/de";
import { faker as deAt } from "@faker-js/faker/locale/de_AT";
import { faker as deCh } from "@faker-js/faker/locale/de_CH";
import { faker as el } from "@faker-js/faker/locale/el";
import { faker as enGb } from "@faker-js/faker/locale/en_GB";
import { faker as enUs } from "@faker-js/faker/locale/en_US";
import { faker as es } from "@faker-js/faker/locale/es";
import { faker as fr } from "@faker-js/faker/locale/fr";
import { faker as it } from "@faker-js/faker/locale/it";
import { faker as nl } from "@faker-js/faker/locale/nl";
import { faker as pl } from "@faker-js/faker/locale/pl";
import { faker as sv } from "@faker-js/faker/locale/sv";

/** A country of the demo: its share in percent and its phone number patterns. */
export type Country = { name: string; faker: Faker; share: number; mobile: string; landline: string };

// Numbers reserved for fiction where there are enough of them (Sweden, the United States, landlines in Germany, France
// and London); elsewhere libphonenumber's example numbers with other last digits.
export const countries: readonly Country[] = [
  { name: "Germany", faker: de, share: 34, mobile: "+4915123456###", landline: "+493023125###" },
  { name: "Austria", faker: deAt, share: 10, mobile: "+43664123###", landline: "+431234567###" },
  { name: "Switzerland", faker: deCh, share: 8, mobile: "+41781234###", landline: "+41212345###" },
  { name: "France", faker: fr, share: 9, mobile: "+33612345###", landline: "+3319900####" },
  { name: "Italy", faker: it, share: 6, mobile: "+393123456###", landline: "+390212345###" },
  { name: "Spain", faker: es, share: 6, mobile: "+34612345###", landline: "+34810123###" },
  { name: "Netherlands", faker: nl, share: 5, mobile: "+31612345###", landline: "+31101234###" },
  { name: "United Kingdom", faker: enGb, share: 6, mobile: "+447400123###", landline: "+442079460###" },
  { name: "Poland", faker: pl, share: 5, mobile: "+48512345###", landline: "+48123456###" },
  { name: "Sweden", faker: sv, share: 3, mobile: "+467017406##", landline: "+468465004##" },
  { name: "Denmark", faker: da, share: 2, mobile: "+4534412###", landline: "+4532123###" },
  { name: "Greece", faker: el, share: 2, mobile: "+306912345###", landline: "+302123456###" },
  { name: "United States", faker: enUs, share: 4, mobile: "+191755501##", landline: "+121255501##" },
];

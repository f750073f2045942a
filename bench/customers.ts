/** Reproducible customers with skewed name frequencies, as in real lists. */

const firstNames =
  "Anna Maria Peter Thomas Michael Julia Andreas Sabine Jürgen Ursula Élodie François Zoë Søren Łukasz İpek Giulia Mateo Noor Aylin Björn Chloé Dmitri Esra Fatima Goran Hannah Ingrid Jonas Katarzyna".split(
    " ",
  );
const lastNames =
  "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Köhler García Rossi Lefèvre Novák Øvergaard Kowalski Yılmaz Nguyen Smith Jones Brown Taylor O'Neill Großmann Ångström Çelik Šimek Petrović van-Dijk".split(
    " ",
  );
const cities =
  "Berlin Hamburg München Köln Wien Zürich Paris Lyon Roma Milano Madrid Porto Oslo Malmö Kraków Praha İzmir Gent Utrecht Leeds".split(
    " ",
  );
const streets =
  "Hauptstraße Bahnhofstraße Gartenweg Lindenallee Rue-du-Bac Via-Roma Calle-Mayor Storgata Marktplatz High-Street".split(
    " ",
  );

/** mulberry32: small and random enough to choose names. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type ImportRow = { external_id: string; values: Record<string, string> };

/** Returns `count` import rows with twelve fields each, numbered from `from`. */
export function importRows(from: number, count: number): ImportRow[] {
  const random = randomOf(from + 1);
  // Squaring makes the first entries of each list far more frequent than the last.
  const pick = (list: readonly string[]) => list[Math.floor(random() ** 2 * list.length)]!;
  const digits = (length: number) => String(Math.floor(random() * 10 ** length)).padStart(length, "0");
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const firstName = pick(firstNames);
    const lastName = random() < 0.5 ? pick(lastNames) : `${pick(lastNames)}${digits(3)}`;
    return {
      external_id: `K-${number}`,
      values: {
        salutation: random() < 0.5 ? "mr" : "mrs",
        firstName,
        lastName,
        companyName: random() < 0.3 ? `${pick(lastNames)} ${pick(cities)} GmbH` : "",
        email: `customer.${number}@example.com`,
        mobilePhone: `+4915${1 + Math.floor(random() * 2)}${digits(8)}`,
        street: `${pick(streets)} ${1 + Math.floor(random() * 200)}`,
        zipcode: digits(5),
        city: pick(cities),
        country: "DE",
        birthday: `19${50 + Math.floor(random() * 50)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`,
        notes: random() < 0.2 ? `Prefers ${pick(cities)}, called about order ${digits(6)}.` : "",
      },
    };
  });
}

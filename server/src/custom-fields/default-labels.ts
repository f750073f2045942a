import type { DefaultFieldId } from "@clientele/contract/custom-fields";

type Language = "en" | "de" | "fr" | "es" | "it" | "nl" | "pt" | "pl";
type Labels = Readonly<Record<Language, readonly [label: string, ...otherNames: string[]]>>;

/**
 * Column headings recognized as default fields: per language the label, then synonyms. Compared without case,
 * accents and separators, so `Given name` equals `GIVEN_NAME`. Ambiguous headings (`Name`, `Nr.`) are left
 * out on purpose: the import asks instead of guessing.
 */
export const defaultLabels: Readonly<Record<DefaultFieldId, Labels>> = {
  salutation: {
    en: ["Salutation", "Title", "Form of address"],
    de: ["Anrede", "Titel"],
    fr: ["Civilité", "Titre"],
    es: ["Tratamiento", "Título", "Saludo"],
    it: ["Titolo", "Appellativo"],
    nl: ["Aanhef", "Aanspreekvorm"],
    pt: ["Tratamento", "Saudação"],
    pl: ["Zwrot grzecznościowy", "Tytuł"],
  },
  firstName: {
    en: ["First name", "Given name", "Forename", "Christian name"],
    de: ["Vorname", "Vornamen", "Rufname"],
    fr: ["Prénom", "Prénoms"],
    es: ["Nombre", "Nombre de pila", "Primer nombre"],
    it: ["Nome", "Nome di battesimo"],
    nl: ["Voornaam", "Roepnaam"],
    pt: ["Primeiro nome", "Nome próprio"],
    pl: ["Imię"],
  },
  lastName: {
    en: ["Last name", "Surname", "Family name"],
    de: ["Nachname", "Familienname", "Zuname"],
    fr: ["Nom", "Nom de famille"],
    es: ["Apellido", "Apellidos", "Primer apellido"],
    it: ["Cognome"],
    nl: ["Achternaam", "Familienaam"],
    pt: ["Apelido", "Sobrenome", "Último nome", "Nome de família"],
    pl: ["Nazwisko"],
  },
  companyName: {
    en: ["Company", "Company name", "Organization", "Organisation", "Business name", "Employer"],
    de: ["Firma", "Firmenname", "Unternehmen", "Betrieb"],
    fr: ["Société", "Entreprise", "Nom de l'entreprise", "Nom de la société", "Raison sociale"],
    es: ["Empresa", "Nombre de la empresa", "Compañía", "Razón social"],
    it: ["Azienda", "Società", "Nome azienda", "Ragione sociale"],
    nl: ["Bedrijf", "Bedrijfsnaam", "Organisatie"],
    pt: ["Empresa", "Nome da empresa", "Companhia", "Razão social"],
    pl: ["Firma", "Nazwa firmy", "Przedsiębiorstwo"],
  },
  email: {
    en: ["E-mail", "E-mail address", "Mail", "Mail address"],
    de: ["E-Mail", "E-Mail-Adresse", "Mailadresse"],
    fr: ["E-mail", "Adresse e-mail", "Courriel", "Adresse électronique", "Mél"],
    es: ["Correo electrónico", "Correo", "Dirección de correo electrónico"],
    it: ["E-mail", "Indirizzo e-mail", "Posta elettronica"],
    nl: ["E-mail", "E-mailadres", "Mailadres"],
    pt: ["E-mail", "Endereço de e-mail", "Correio eletrónico", "Correio eletrônico"],
    pl: ["E-mail", "Adres e-mail", "Poczta elektroniczna"],
  },
  mobilePhone: {
    en: ["Mobile phone", "Mobile", "Mobile number", "Mobile phone number", "Cell", "Cell phone", "Cellular"],
    de: ["Mobiltelefon", "Mobil", "Handy", "Handynummer", "Mobilnummer", "Mobilfunknummer", "Natel"],
    fr: ["Téléphone mobile", "Mobile", "Portable", "Téléphone portable", "Numéro de portable", "GSM"],
    es: ["Teléfono móvil", "Móvil", "Celular", "Teléfono celular"],
    it: ["Cellulare", "Telefono cellulare", "Numero di cellulare"],
    nl: ["Mobiele telefoon", "Mobiel", "Mobiel nummer", "Gsm-nummer"],
    pt: ["Telemóvel", "Celular", "Telefone celular"],
    pl: ["Telefon komórkowy", "Komórka", "Numer komórkowy"],
  },
  landlinePhone: {
    en: [
      "Landline phone",
      "Landline",
      "Phone",
      "Phone number",
      "Telephone",
      "Telephone number",
      "Home phone",
    ],
    de: ["Festnetz", "Telefon", "Telefonnummer", "Festnetznummer", "Tel", "Fon"],
    fr: ["Téléphone fixe", "Téléphone", "Fixe", "Numéro de téléphone"],
    es: ["Teléfono fijo", "Teléfono", "Número de teléfono"],
    it: ["Telefono fisso", "Telefono", "Numero di telefono"],
    nl: ["Vaste telefoon", "Telefoon", "Telefoonnummer", "Vast nummer"],
    pt: ["Telefone fixo", "Telefone", "Número de telefone"],
    pl: ["Telefon stacjonarny", "Telefon", "Numer telefonu"],
  },
  street: {
    en: ["Street", "Street address", "Address", "Address line 1", "Address 1", "Street and number"],
    de: ["Straße", "Straße und Hausnummer", "Straße Nr", "Straße, Nr", "Str", "Adresse", "Anschrift"],
    fr: ["Rue", "Adresse", "Adresse postale", "Rue et numéro"],
    es: ["Calle", "Dirección", "Domicilio", "Calle y número"],
    it: ["Via", "Indirizzo", "Via e numero civico"],
    nl: ["Straat", "Adres", "Straat en huisnummer"],
    pt: ["Rua", "Endereço", "Morada", "Logradouro"],
    pl: ["Ulica", "Adres", "Ulica i numer"],
  },
  zipcode: {
    en: ["Zip code", "Zip", "Postal code", "Postcode", "Post code"],
    de: ["Postleitzahl", "PLZ"],
    fr: ["Code postal", "CP", "NPA"],
    es: ["Código postal", "CP"],
    it: ["Codice postale", "CAP"],
    nl: ["Postcode"],
    pt: ["Código postal", "CEP"],
    pl: ["Kod pocztowy"],
  },
  city: {
    en: ["City", "Town", "Place", "City/Town"],
    de: ["Ort", "Stadt", "Wohnort"],
    fr: ["Ville", "Localité", "Commune"],
    es: ["Ciudad", "Localidad", "Población", "Municipio"],
    it: ["Città", "Località", "Comune"],
    nl: ["Plaats", "Stad", "Woonplaats"],
    pt: ["Cidade", "Localidade", "Município"],
    pl: ["Miasto", "Miejscowość"],
  },
  country: {
    en: ["Country", "Country name"],
    de: ["Land", "Staat"],
    fr: ["Pays"],
    es: ["País"],
    it: ["Paese", "Nazione"],
    nl: ["Land"],
    pt: ["País"],
    pl: ["Kraj", "Państwo"],
  },
  birthday: {
    en: ["Birthday", "Date of birth", "Birth date", "DOB", "Born"],
    de: ["Geburtstag", "Geburtsdatum", "Geb.-Datum", "Geb. am"],
    fr: ["Anniversaire", "Date de naissance", "Né le"],
    es: ["Cumpleaños", "Fecha de nacimiento"],
    it: ["Compleanno", "Data di nascita"],
    nl: ["Verjaardag", "Geboortedatum"],
    pt: ["Aniversário", "Data de nascimento"],
    pl: ["Urodziny", "Data urodzenia"],
  },
  notes: {
    en: ["Notes", "Note", "Comment", "Comments", "Remark", "Remarks"],
    de: ["Notizen", "Notiz", "Bemerkung", "Bemerkungen", "Anmerkung", "Anmerkungen", "Kommentar"],
    fr: ["Notes", "Remarque", "Remarques", "Commentaire", "Commentaires"],
    es: ["Notas", "Nota", "Observaciones", "Comentario", "Comentarios"],
    it: ["Note", "Nota", "Osservazioni", "Commento", "Commenti"],
    nl: ["Notities", "Notitie", "Opmerking", "Opmerkingen"],
    pt: ["Notas", "Nota", "Observações", "Comentário", "Comentários"],
    pl: ["Notatki", "Notatka", "Uwagi", "Komentarz"],
  },
};

/** Every name of a default field, in all languages. */
export const namesOfDefaultField = (defaultId: string): readonly string[] =>
  isDefaultFieldId(defaultId) ? Object.values(defaultLabels[defaultId]).flat() : [];

const isDefaultFieldId = (name: string): name is DefaultFieldId => Object.hasOwn(defaultLabels, name);

const needsQuotes = /[",\r\n]|^$/

/** A record as the engine's CSV reader takes it, whatever stands in the texts. */
export const toCsvLine = (texts: readonly string[]): string =>
  `${texts.map((text) => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')}\n`

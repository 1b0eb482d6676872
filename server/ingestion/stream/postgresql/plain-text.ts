const asItIs = (text: string) => text

/** The text that `shipText` gives a value when it is copied, from the one that the log has for it. */
export function plainText(base: string): (text: string) => string {
  switch (base) {
    case 'bool':
      return (text) => (text === 't' ? 'true' : 'false')
    case 'bytea':
      return (text) => text.slice(2)
    case 'bpchar':
      return (text) => text.replace(/ +$/, '')
    case 'timestamptz':
      // The session's zone is Asia/Shanghai; before 1901 it is a local time of minutes and seconds.
      return (text) => text.replace(/[+-]\d{2}(?::\d{2}){0,2}( BC)?$/, '$1')
    default:
      return asItIs
  }
}

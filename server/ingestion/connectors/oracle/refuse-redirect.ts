const types = { accept: 2, redirect: 5 }
const headerBytes = 8

/**
 * A listener may send its client elsewhere, and the driver goes there: past the check of addresses, and past the line that spares the
 * source. Looks at what a listener says until it accepts (TNS: two bytes of length, the type in the fifth); true where that is not to be
 * heard. Answers of a listener are short and come whole: what is in pieces is refused too.
 */
export function refuseRedirect(): (bytes: Buffer) => boolean {
  let isAccepted = false
  return (bytes) => {
    for (let at = 0; !isAccepted && at < bytes.length; ) {
      if (bytes.length - at < headerBytes || bytes[at + 4] === types.redirect) return true
      isAccepted = bytes[at + 4] === types.accept
      const length = bytes.readUInt16BE(at)
      if (!isAccepted && (length < headerBytes || at + length > bytes.length)) return true
      at += length
    }
    return false
  }
}

const awayCode = /^(57P0[1-5]|25P03|08\w{3}|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/
/** Of pg: a query whose connection broke has no code. */
const awayMessage = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** The control plane's server refuses, went away or hung up: what was underway may have been committed. */
export const isDatabaseAway = (error: unknown): boolean => {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return awayCode.test(String(code ?? '')) || awayMessage.test(String(message ?? ''))
}

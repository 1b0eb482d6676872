import type { App } from '../server/app.ts'

/** Every address that the running server answers, declared or not, as `METHOD /path`; HEAD belongs to its GET. */
export function mountedRoutes(http: App['http']): string[] {
  const found: string[] = []
  const above: string[] = []
  for (const line of http.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent, rest, methods] = /^([\s│]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (indent === undefined || rest === undefined) continue
    const depth = indent.length / 4
    above.length = depth
    above.push(rest)
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') found.push(`${method} ${above.join('').replace('//', '/')}`)
  }
  return found.sort()
}

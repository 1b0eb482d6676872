import { Button, Skeleton } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, useId, useState } from 'react'
import { useText } from '../language.tsx'
import { uiText } from '../text.ts'

const ChartCanvas = lazy(() => import('./chart-canvas.tsx').then((module) => ({ default: module.ChartCanvas })))

interface ChartProps {
  title: string
  option: EChartsCoreOption
  /** The same numbers as a table: the head, then rows of the same width. */
  head: string[]
  rows: (string | number)[][]
  height?: number
}

/** A picture of numbers with the numbers themselves one click away, and always there for those who cannot see it. */
export function Chart({ title, option, head, rows, height = 260 }: ChartProps) {
  const t = useText(uiText)
  const [isTable, setTable] = useState(false)
  const id = useId()
  return (
    <figure className="dt-chart" aria-labelledby={id}>
      <figcaption id={id}>
        {title}
        <Button size="small" type="text" className="dt-no-print" onClick={() => setTable(!isTable)}>
          {isTable ? t.asChart : t.asTable}
        </Button>
      </figcaption>
      {!isTable && (
        <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height }} />}>
          <ChartCanvas option={option} height={height} />
        </Suspense>
      )}
      {/* A table takes no height of one pixel: the box around it hides it. */}
      <div className={isTable ? undefined : 'dt-visually-hidden'}>
        <table className="dt-plain-table">
          <thead>
            <tr>
              {head.map((word) => (
                <th key={word} scope="col">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={String(row[0])}>
                {row.map((cell, index) => (
                  <td key={head[index]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}

// The only file that loads ECharts; it comes as its own chunk when the first chart is shown.
import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

export function ChartCanvas({ option, height }: { option: EChartsCoreOption; height: number }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const chart = init(place.current!, undefined, { renderer: 'svg' })
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(place.current!)
    // Without decorations by colour alone: patterns tell the series apart in print too.
    chart.setOption({ animation: false, aria: { enabled: false, decal: { show: true } }, ...option })
    return () => {
      observer.disconnect()
      chart.dispose()
    }
  }, [option])
  return <div ref={place} style={{ height }} aria-hidden />
}

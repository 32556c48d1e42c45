/** Draws with ECharts, in the colours of the page. Its own file, loaded when the first chart is seen. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

interface Data {
  kind: 'line' | 'bar' | 'area' | 'stacked'
  labels: string[]
  series: { name: string; values: (number | null)[]; tone?: string; dashed?: boolean }[]
  format?: Intl.NumberFormatOptions
  hrefs?: (string | null)[]
}

const order = ['talk', 'outside', 'inside', 'customer', 'good', 'bad', 'neutral']

/** A colour of the page as the canvas understands it: custom properties resolve only through a real property. */
function colour(host: HTMLElement, name: string): Colour {
  const probe = document.createElement('i')
  probe.style.color = `var(--${name})`
  host.append(probe)
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!context) return [90, 90, 100]
  context.fillStyle = getComputedStyle(probe).color
  probe.remove()
  context.fillRect(0, 0, 1, 1)
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)] as unknown as Colour
}

type Colour = readonly [red: number, green: number, blue: number]

const rgb = (of: Colour, alpha = 1) => `rgba(${of.join()},${alpha})`

function seriesOf(host: HTMLElement, data: Data) {
  return data.series.map((series, index) => {
    const own = colour(host, series.tone === 'neutral' ? 'ink-quiet' : (series.tone ?? order[index % order.length] ?? 'talk'))
    const bars = data.kind === 'bar' || data.kind === 'stacked'
    const area = {
      color: {
        type: 'linear' as const,
        x: 0,
        y: 0,
        x2: 0,
        y2: 1,
        colorStops: [
          { offset: 0, color: rgb(own, 0.2) },
          { offset: 1, color: rgb(own, 0) },
        ],
      },
    }
    const line = {
      type: 'line' as const,
      showSymbol: false,
      symbolSize: 7,
      smooth: 0.25,
      lineStyle: { width: 2, type: series.dashed ? ('dashed' as const) : ('solid' as const) },
      ...(data.kind === 'area' && !series.dashed && { areaStyle: area }),
    }
    const bar = {
      type: 'bar' as const,
      barMaxWidth: 28,
      itemStyle: { borderRadius: data.kind === 'stacked' ? 0 : [4, 4, 0, 0] },
      ...(data.kind === 'stacked' && { stack: 'all' }),
    }
    return { name: series.name, data: series.values, color: rgb(own), emphasis: { focus: 'none' as const }, ...(bars ? bar : line) }
  })
}

/** No share is more than all of it, so the axis ends there. */
function nearsWhole({ format, series }: Data): boolean {
  const most = Math.max(...series.flatMap(({ values }) => values.map(value => value ?? 0)))
  return format?.style === 'percent' && most > 0.75 && most <= 1
}

function optionsFor(host: HTMLElement, data: Data) {
  const of = { ink: colour(host, 'ink'), quiet: colour(host, 'ink-quiet'), rule: colour(host, 'line'), raised: colour(host, 'raised') }
  const [ink, quiet, rule, raised] = [of.ink, of.quiet, of.rule, of.raised].map(each => rgb(each))
  const text = { fontFamily: getComputedStyle(host).fontFamily, fontSize: 12, color: quiet }
  const number = new Intl.NumberFormat(document.documentElement.lang, data.format)
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  return {
    animation: !calm,
    animationDuration: 350,
    textStyle: text,
    grid: { top: data.series.length > 1 ? 34 : 12, left: 4, right: 12, bottom: 4, containLabel: true },
    legend: {
      show: data.series.length > 1,
      top: 0,
      left: 0,
      itemWidth: 14,
      itemHeight: 8,
      icon: 'roundRect',
      textStyle: text,
      itemGap: 16,
    },
    tooltip: {
      trigger: 'axis' as const,
      renderMode: 'richText' as const,
      confine: true,
      backgroundColor: raised,
      borderColor: rule,
      textStyle: { ...text, color: ink },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? number.format(value) : '–'),
      axisPointer: {
        type: data.kind === 'bar' || data.kind === 'stacked' ? ('shadow' as const) : ('line' as const),
        lineStyle: { color: quiet },
        shadowStyle: { color: rgb(of.quiet, 0.1) },
      },
    },
    xAxis: {
      type: 'category' as const,
      data: data.labels,
      boundaryGap: data.kind === 'bar' || data.kind === 'stacked',
      axisLine: { lineStyle: { color: rule } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: 'value' as const,
      splitNumber: 4,
      ...(nearsWhole(data) && { max: 1, interval: 0.25 }),
      splitLine: { lineStyle: { color: rule } },
      axisLabel: { ...text, formatter: (value: number) => number.format(value) },
    },
    series: seriesOf(host, data),
  }
}

export function drawChart(host: HTMLElement, text: string) {
  const canvas = document.createElement('div')
  Object.assign(canvas.style, { position: 'absolute', inset: '0' })
  host.append(canvas)
  const chart = init(canvas, null, { renderer: 'canvas' })
  let data = JSON.parse(text) as Data
  const redraw = (next: string) => {
    data = JSON.parse(next) as Data
    chart.setOption(optionsFor(host, data), true)
  }
  redraw(text)
  chart.on('click', ({ dataIndex }) => {
    const href = data.hrefs?.[dataIndex ?? -1]
    if (href) Object.assign(document.createElement('a'), { href }).click()
  })
  const watcher = new ResizeObserver(() => chart.resize())
  watcher.observe(host)
  const dispose = () => {
    watcher.disconnect()
    chart.dispose()
    canvas.remove()
  }
  const picture = () => chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: rgb(colour(host, 'surface')) })
  return { dispose, redraw, picture, resize: () => chart.resize() }
}

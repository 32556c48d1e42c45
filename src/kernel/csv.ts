/** Lists as spreadsheets read them: RFC 4180, with a mark at the beginning that says UTF-8. */

export type Cell = string | number | Date | null

/** The mark by which spreadsheets know the encoding; stands once, at the beginning. */
export const csvStart = '\ufeff'

/**
 * One line with its end. A cell that a spreadsheet would take for a formula gets an apostrophe before it, so that it stays text; numbers and moments are
 * written as they are.
 */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`

function cellOf(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  if (cell instanceof Date) return cell.toISOString()
  const plain = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** A table as a file to keep, line after line as they are taken, so that whoever reads slowly keeps little in memory here. */
export function csvAnswer(lines: AsyncGenerator<string>, name: string, headers: Headers): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    pull: async into => {
      const { value, done } = await lines.next()
      if (done) into.close()
      else into.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await lines.return(undefined)),
  })
  const about = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
    'cache-control': 'no-store',
  }
  return new Response(body, { headers: { ...Object.fromEntries(headers), ...about } })
}

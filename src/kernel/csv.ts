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

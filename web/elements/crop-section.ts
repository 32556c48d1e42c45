/** A section of a picture, as it is moved and pulled; in pixels of the whole picture. */
export interface Section {
  left: number
  top: number
  width: number
  height: number
}
type Whole = Pick<Section, 'width' | 'height'>

/** As the server will have it at least. */
const least = 16

const within = (value: number, from: number, to: number): number => Math.min(Math.max(value, from), Math.max(from, to))

/** Whole pixels, inside the picture. */
export function inside(section: Section, whole: Whole): Section {
  const width = within(Math.round(section.width), least, whole.width)
  const height = within(Math.round(section.height), least, whole.height)
  const left = within(Math.round(section.left), 0, whole.width - width)
  const top = within(Math.round(section.top), 0, whole.height - height)
  return { left, top, width, height }
}

export const moved = (section: Section, right: number, down: number, whole: Whole): Section =>
  inside({ ...section, left: section.left + right, top: section.top + down }, whole)

/** The largest of a shape (width by height) around the middle of what was marked. */
export function fitted(section: Section, shape: number | null, whole: Whole): Section {
  if (!shape) return section
  const width = Math.min(whole.width, whole.height * shape)
  const height = width / shape
  const left = section.left + (section.width - width) / 2
  const top = section.top + (section.height - height) / 2
  return inside({ left, top, width, height }, whole)
}

/** With a corner or an edge (`nw`, `e`) pulled by so much; what lies across from it stays, and so does the shape. */
export function pulled(section: Section, handle: string, right: number, down: number, shape: number | null, whole: Whole): Section {
  const [west, north] = [handle.includes('w'), handle.includes('n')]
  const across = /[we]/.test(handle) ? (west ? -right : right) : 0
  const along = /[ns]/.test(handle) ? (north ? -down : down) : 0
  const far = { right: section.left + section.width, below: section.top + section.height }
  const most = { width: west ? far.right : whole.width - section.left, height: north ? far.below : whole.height - section.top }
  let width = within(section.width + across, least, most.width)
  let height = within(section.height + along, least, most.height)
  if (shape) {
    width = within(across === 0 ? height * shape : width, least, Math.min(most.width, most.height * shape))
    height = width / shape
  }
  return inside({ left: west ? far.right - width : section.left, top: north ? far.below - height : section.top, width, height }, whole)
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** What can be nobody’s address or id is not looked for. */
export function canBe(which: { address: string } | { id: string }): boolean {
  if ('id' in which) return uuid.test(which.id)
  return which.address.length > 0 && which.address.length <= 500 && which.address.isWellFormed() && !which.address.includes('\0')
}

/** A channel’s doors lie below its own name, or where the open network looks for what is well known. */
export const isItsDoor = (channel: string, path: string): boolean =>
  (path.startsWith('/.well-known/') || path.startsWith(`/${channel}/`)) && !/\/\.\.?(\/|$)|[\s\\]|\/\//.test(path)

/** Who was seen in the last ten minutes is there. */
export const presentSince = (now: Date): Date => new Date(now.getTime() - 600_000)

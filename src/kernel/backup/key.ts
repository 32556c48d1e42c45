import { createHash, hkdfSync } from 'node:crypto'

/** Tells keys apart without telling them. */
export const keyCheck = (key: Buffer): string =>
  createHash('sha256')
    .update(Buffer.from(hkdfSync('sha256', key, '', 'trefoil backup check', 32)))
    .digest('base64url')
    .slice(0, 22)

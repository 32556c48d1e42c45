/** The address that people open, for links that are made where nobody asks for a page: in jobs, and so in mails. */
let origin = 'http://localhost:3000'

export const useOrigin = (given: string): void => void (origin = given)
export const houseOrigin = (): string => origin

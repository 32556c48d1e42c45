declare const STAMP: string
console.log(STAMP)

/** Counts what a person does: each press of the mouse, each key or chord; letters of a text that is written count as none. */
import type { Page } from 'playwright-core'

export class Hand {
  count = 0
  private readonly page: Page
  constructor(page: Page) {
    this.page = page
  }

  /** One key or one chord, such as `r` or `Control+Enter`. */
  async press(key: string): Promise<void> {
    this.count++
    await this.page.keyboard.press(key)
  }

  async click(selector: string): Promise<void> {
    this.count++
    await this.page.locator(selector).first().click()
  }

  /** The text itself: what one came to say. */
  async write(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  /** One field after the other, from where the cursor stands: to each next one it is one key. */
  async fill(texts: string[]): Promise<void> {
    for (const [at, text] of texts.entries()) {
      if (at > 0) await this.press('Tab')
      await this.write(text)
    }
  }

  /** Letters that are there to find something: each counts. */
  async type(text: string): Promise<void> {
    this.count += text.length
    await this.page.keyboard.type(text)
  }
}

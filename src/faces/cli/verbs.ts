/** The actions of the house as commands, such as `trefoil crm close`: made from the same descriptions as the API and the assistants' tools. */
import type { Command } from 'commander'

/** Adds one command for each published action. */
export async function addActionCommands(_program: Command): Promise<void> {}

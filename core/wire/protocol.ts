/** What Hello compares. Raised with each change that the other side has to know of. */
export const PROTOCOL = 1

/** The oldest that is still spoken: agents one version behind keep working. */
export const OLDEST_PROTOCOL = 1

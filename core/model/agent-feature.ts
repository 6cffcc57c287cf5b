/** What an agent greets the server with when it can restore partitions and logical volumes alone. */
export const RESTORES_PARTS = 'restore:parts'

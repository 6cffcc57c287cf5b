/** Tells a process of an agent that came back from a new one, which runs none of its old jobs. */
export class AgentSessions {
    #database;
    #dispatcher;
    #sessions = new Map();
    constructor(database, dispatcher) {
        this.#database = database;
        this.#dispatcher = dispatcher;
    }
    async connected(host) {
        const [row] = await this.#database.query(`SELECT session FROM host WHERE id = $1`, [host]);
        const session = row?.session ?? '';
        const isNew = this.#sessions.get(host) !== session;
        this.#sessions.set(host, session);
        await this.#dispatcher.agentConnected(host, isNew);
    }
}
//# sourceMappingURL=agent-sessions.js.map
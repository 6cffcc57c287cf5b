// Original file: proto/agent.proto


export interface KeepaliveWork {
}

export interface KeepaliveWork__Output {
}

/** This release, as `holdfast version` and the handshake between agent and server say it. */
export const VERSION = '0.1.0'

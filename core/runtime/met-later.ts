/** The same promise, whose failure is thrown where it is awaited, and nowhere else if nobody does. */
export function metLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** Something that takes its time, begun before it is needed. Whoever takes it disposes of it; what nobody took is disposed of here. */
export interface Ahead<Resource> extends AsyncDisposable {
  readonly take: () => Promise<Resource>
}

export function openAhead<Resource extends AsyncDisposable>(
  open: () => Promise<Resource>,
  begin: boolean,
): Ahead<Resource> {
  let opening = begin ? open() : undefined
  // Whoever takes it is told; until then a failure must not count as unhandled.
  opening?.catch(() => undefined)
  return {
    take() {
      const taken = opening ?? open()
      opening = undefined
      return taken
    },
    async [Symbol.asyncDispose]() {
      const left = await opening?.catch(() => undefined)
      await left?.[Symbol.asyncDispose]()
    },
  }
}

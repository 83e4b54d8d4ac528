/** The story did not go as it is told. The demo is a test as well: it must not end as if nothing had happened. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected'
}

export function expectThat(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Unexpected(otherwise)
}

// The package gives trees as objects only, and its glue, which has the text of them, is not among its `exports`.
import loadModule from '../../node_modules/libpg-query/wasm/libpg-query.js'

/** The tree of a text as the JSON that the grammar writes; `undefined` where there is none. */
export type TreeText = (sql: string) => string | undefined

/** For a thread that only passes trees on: making objects of one and a text of them again took a fifth of its time. */
export async function loadTreeText(): Promise<TreeText> {
  const grammar = await loadModule()
  return (sql) => {
    const size = grammar.lengthBytesUTF8(sql) + 1
    const text = grammar._malloc(size)
    let result = 0
    try {
      grammar.stringToUTF8(sql, text, size)
      result = grammar._wasm_parse_query_raw(text)
      if (result === 0) return undefined
      // struct PgQueryParseResult { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
      const [tree, error] = [grammar.getValue(result, 'i32'), grammar.getValue(result + 8, 'i32')]
      return error !== 0 || tree === 0 ? undefined : grammar.UTF8ToString(tree)
    } finally {
      grammar._free(text)
      if (result !== 0) grammar._wasm_free_parse_result(result)
    }
  }
}

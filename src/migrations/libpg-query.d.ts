/** Emscripten's glue of libpg-query 18.1.5, as far as tree-text.ts uses it. */
declare module '*/libpg-query/wasm/libpg-query.js' {
  interface GrammarModule {
    readonly lengthBytesUTF8: (text: string) => number
    readonly stringToUTF8: (text: string, pointer: number, size: number) => void
    readonly UTF8ToString: (pointer: number) => string
    readonly getValue: (pointer: number, type: 'i32') => number
    readonly _malloc: (size: number) => number
    readonly _free: (pointer: number) => void
    readonly _wasm_parse_query_raw: (text: number) => number
    readonly _wasm_free_parse_result: (result: number) => void
  }
  const load: () => Promise<GrammarModule>
  export = load
}

import { setEngineFlags, v8Major } from '../engine-flags.ts'

/**
 * V8 is set up for programs that run for hours. A run of this one is over before most of what it compiles has paid for itself, and
 * what it compiles and collects meanwhile takes the other processor, on which files are read ahead. Imported before
 * everything else. docs/decisions/0010-reading-ahead.md has the figures.
 */
setEngineFlags([
  // The grammars come as WebAssembly: of 1,800 migration files Prisma's parser reads twice as many a second without its
  // optimising compiler, in half the memory (Node.js 20 to 24).
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
  // Most of a grammar is never run: compiled when it is first called it takes 7 MB less.
  '--wasm-lazy-compilation',
  // A function is compiled, without optimising, when it is first called: interpreting it until that pays takes longer.
  '--always-sparkplug',
  // A function is optimised after twice as much work as else. Later, and the thread that judges has to wait too long for fast code;
  // earlier, and the threads that optimise take the processor on which files are read ahead.
  v8Major === 11 ? '--interrupt-budget=300000' : '--invocation-count-for-turbofan=20000',
  // The space for new objects stays at what it is when this is said, instead of growing to three times 16 MB.
  '--semi-space-growth-factor=1',
  // Several threads that collect new objects wait for each other, and the other processor is taken.
  '--no-parallel-scavenge',
])

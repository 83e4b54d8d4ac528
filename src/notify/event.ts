/** What a notifier is told. Plain facts of the run; nothing in it may carry a credential. */

export interface RunFacts {
  readonly environment: string
  readonly repository?: string | undefined
  readonly ref?: string | undefined
  readonly actor?: string | undefined
  /** Page of the run, where the whole report is. */
  readonly runUrl?: string | undefined
  /** Host and database name as they are known to people; never a URL, which could carry a password. */
  readonly target?: { readonly host: string; readonly database: string } | undefined
  readonly digest?: string | undefined
}

interface About {
  readonly run: RunFacts
  readonly migrations: readonly string[]
}

interface Ended extends About {
  readonly reasonCode: string
  readonly reason: string
  /** What to do now, ready to paste. */
  readonly next: readonly string[]
}

export type NotifyEvent =
  | ({ readonly kind: 'started' } & About)
  | ({ readonly kind: 'refused' } & Ended)
  | ({
      readonly kind: 'applied'
      readonly ms: number
      /** What the run reached, such as "restored and compared"; absent where no backup was taken. */
      readonly backup?: string | undefined
      readonly notChecked: readonly string[]
    } & About)
  | ({ readonly kind: 'failed' } & Ended)
  | ({ readonly kind: 'recovered' } & Ended)
  | ({ readonly kind: 'needs-human' } & Ended)
  /** The run is over and the program did not get to say how: cancelled, rejected by a reviewer, runner lost. */
  | ({ readonly kind: 'unreported' } & Ended)

export type NotifyKind = NotifyEvent['kind']

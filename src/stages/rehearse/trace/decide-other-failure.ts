import type { Node } from 'libpg-query'
import { kindOf } from '../../../sql/effects/tree.ts'
import type { Question } from './question.ts'
import type { ServerError } from './server-error.ts'

/** Failures in which no row of the copy can be counted: the cause in words, and why there is no count. */
export function decideOther(error: ServerError, node: Node | undefined): Question {
  const cause = causeOf(error)
  return { kind: 'none', cause: cause.said, because: cause.because ?? becauseOf(error, node) }
}

interface Cause {
  readonly said: string
  readonly because?: string
}

const noRows = 'no data stands in the way'

function causeOf(error: ServerError): Cause {
  if (error.raisedIn !== undefined) {
    return {
      said: `Code of the database refuses it: ${error.raisedIn} raises an exception.`,
      because: `only ${error.raisedIn} knows which rows it refuses`,
    }
  }
  const said = `PostgreSQL refuses it: ${error.message}.`
  switch (error.sqlState) {
    case '55P04':
      return {
        said: `${said} A label that is added to an enum can be used only when the transaction that adds it is committed; put the two into two migrations.`,
        because: noRows,
      }
    case '2BP01':
      return {
        said: [said, ...error.objects.map((object) => `${object}.`)].join(' '),
        because: noRows,
      }
    case '42P01':
    case '42703':
    case '42704':
    case '42883':
    case '3F000':
      return { said: `${said} It is not there in production, of which this is a copy.`, because: noRows }
    case '42P07':
    case '42701':
    case '42710':
    case '42P06':
    case '42723':
      return { said: `${said} It is there in production already, of which this is a copy.`, because: noRows }
    case '42501':
      return { said: `${said} The role that migrates lacks the privilege.`, because: noRows }
    case '40P01':
      return {
        said: `${said} The statement and another session wait for each other: a trigger or a function that it runs opens a session of its own, or somebody else is in the copy.`,
        because: 'rows do not decide who waits for whom',
      }
    case '55P03':
      return { said: `${said} Somebody else has locked it.`, because: 'rows do not decide who waits for whom' }
    case '57014':
      return { said: `${said} It takes longer than its statement_timeout allows.`, because: noRows }
    case '55006':
      return {
        said: `${said} Rows that its transaction changed before are still to be checked by a deferred constraint; put the two into two migrations, or SET CONSTRAINTS ALL IMMEDIATE between them.`,
        because: noRows,
      }
    case '53100':
      return {
        said: `${said} The server of the copy has no room left, which says nothing about production but that it needs more than it has here.`,
        because: 'the disk was full',
      }
    case '25001':
    case '25P01':
    case '42804':
    case '42601':
    case '0A000':
    case '42P16':
    case '42830':
      return { said, because: noRows }
    default:
      return { said }
  }
}

function becauseOf({ sqlState }: ServerError, node: Node | undefined): string {
  if (sqlState === undefined || !/^2[23]/.test(sqlState)) return 'it is not known whether rows stand in the way'
  switch (kindOf(node)) {
    case 'InsertStmt':
    case 'CopyStmt':
    case 'MergeStmt':
    case 'UpdateStmt':
    case 'CreateTableAsStmt':
    case 'RefreshMatViewStmt':
      return 'the rows are made by the statement itself and are in no table'
    case 'DeleteStmt':
      return 'which rows point to those that it deletes was not looked for'
    default:
      return 'which rows it meets cannot be told from the statement'
  }
}

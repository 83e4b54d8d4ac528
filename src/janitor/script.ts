/**
 * The janitor is a shell, because a shell is on every machine, starts in a millisecond and needs no file of ours beside
 * it. POSIX sh; run with dash, bash and busybox, which only agree on the spelling `kill -SIGNAL -GROUP`.
 *
 * One line for each order: `+ID p PATH` removes a path at the end, `+ID g SIGNAL GROUP` ends a process group, `-ID` takes
 * one back. The end is the end of the input: whatever ended the process at the other end of the pipe, a kill -9 too, has
 * closed it. A line without its line break is the torn last one of a process that was killed, and is not followed.
 */
export const janitorScript = `
trap '' INT TERM HUP QUIT PIPE USR1 USR2 ALRM TSTP TTIN TTOU
echo "$$"
while IFS= read -r line; do
  case $line in
    +*) set -- "$@" "\${line#+}" ;;
    -*)
      left=$#
      while [ "$left" -gt 0 ]; do
        entry=$1
        shift
        left=$((left - 1))
        case $entry in
          "\${line#-} "*) ;;
          *) set -- "$@" "$entry" ;;
        esac
      done
      ;;
  esac
done

groups=
for entry do
  entry=\${entry#* }
  case $entry in
    "g "*)
      entry=\${entry#g }
      kill "-\${entry%% *}" "-\${entry#* }" 2>/dev/null && groups="$groups \${entry#* }"
      ;;
  esac
done

# A group that is gone is not looked at again: its number may be given to somebody else.
waited=0
while [ -n "$groups" ]; do
  still=
  for group in $groups; do
    kill -0 "-$group" 2>/dev/null && still="$still $group"
  done
  groups=$still
  [ -z "$groups" ] && break
  if [ "$waited" -ge 80 ]; then
    for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
    sleep 0.2
    break
  fi
  waited=$((waited + 1))
  sleep 0.1
done

for entry do
  entry=\${entry#* }
  case $entry in
    "p "*)
      tried=0
      until rm -rf -- "\${entry#p }" 2>/dev/null || [ "$tried" -ge 20 ]; do
        tried=$((tried + 1))
        sleep 0.1
      done
      ;;
  esac
done
`

/**
 * The outer shell ends at once, so that the inner one is nobody's child: what kills a process with all its descendants
 * does not find it. The orders come through descriptor 3: Node.js closes its end of a child's standard input when that
 * child ends. The script comes in a variable, so that a list of processes has one short line for it.
 */
export const janitorArguments: readonly string[] = [
  '-c',
  `/bin/sh -c 'eval "$AIRLOCK_JANITOR"' airlock-janitor <&3 3<&- &`,
]

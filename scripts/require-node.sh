#!/usr/bin/env bash
# Airlock runs on the Node.js of the runner. Where there is none, or one too old, this says so in one line with the fix,
# instead of the syntax error that an old Node.js would print.
set -euo pipefail

# The bundle imports parseEnv of node:util, which came with 20.12 (measured: 20.11.1 does not start it, 20.12.2 does).
oldest_major=20
oldest_minor=12
how='Add a step with actions/setup-node and node-version: 24 before Airlock. On a self-hosted runner, install Node.js 24 and put it on PATH.'

refuse() {
  echo "::error title=Airlock needs Node.js $oldest_major.$oldest_minor or newer::$1 $how"
  exit 2
}

if ! command -v node >/dev/null 2>&1; then
  refuse 'There is no node on PATH.'
fi
if ! version=$(node --version 2>/dev/null); then
  refuse "$(command -v node) does not start."
fi
if ! [[ $version =~ ^v([0-9]+)\.([0-9]+)\. ]]; then
  refuse "$(command -v node) calls its version \"$version\", which is not a version of Node.js."
fi
major=${BASH_REMATCH[1]}
minor=${BASH_REMATCH[2]}
if ((major < oldest_major || (major == oldest_major && minor < oldest_minor))); then
  refuse "$(command -v node) is $version."
fi

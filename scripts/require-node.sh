#!/usr/bin/env bash
# Airlock runs on the Node.js of the runner. Where there is none, or one too old, this says so in one line with the fix,
# instead of the syntax error that an old Node.js would print.
set -euo pipefail

oldest=20
how='Add a step with actions/setup-node and node-version: 24 before Airlock. On a self-hosted runner, install Node.js 24 and put it on PATH.'

refuse() {
  echo "::error title=Airlock needs Node.js $oldest or newer::$1 $how"
  exit 2
}

if ! command -v node >/dev/null 2>&1; then
  refuse 'There is no node on PATH.'
fi
if ! version=$(node --version 2>/dev/null); then
  refuse "$(command -v node) does not start."
fi
major=${version#v}
major=${major%%.*}
case $major in
  '' | *[!0-9]*) refuse "$(command -v node) calls its version \"$version\", which is not a version of Node.js." ;;
esac
if [ "$major" -lt "$oldest" ]; then
  refuse "$(command -v node) is $version."
fi

#!/usr/bin/env bash
# Installs a project with its own package manager, exactly as its lockfile says. Sees no secrets: the step that runs it
# has none in its environment.
set -euo pipefail

workspace=$(cd "${GITHUB_WORKSPACE:-.}" && pwd -P)

# What somebody typed stays text: a line break in it would begin a workflow command of its own.
escaped() {
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

refuse() {
  echo "::error title=Airlock install: $1::$(escaped "$2")"
  exit 2
}

if ! cd "$workspace/${AIRLOCK_WORKING_DIRECTORY:-.}" 2>/dev/null; then
  refuse 'no such folder' "working-directory is \"${AIRLOCK_WORKING_DIRECTORY:-}\", which is not in the checkout. Set it to the folder of the Prisma project, relative to the root of the repository."
fi
project=$(pwd -P)

if [ -n "${AIRLOCK_INSTALL_COMMAND:-}" ]; then
  exec bash --noprofile --norc -eo pipefail -c "$AIRLOCK_INSTALL_COMMAND"
fi

# pnpm and yarn of the version that package.json names. Node.js 25 and later come without corepack.
with_corepack() {
  local manager=$1
  if command -v corepack >/dev/null 2>&1; then
    COREPACK_ENABLE_DOWNLOAD_PROMPT=0 exec corepack "$@"
  fi
  command -v "$manager" >/dev/null 2>&1 ||
    refuse "$manager is not on this runner" "The lockfile belongs to $manager, and there is neither $manager nor corepack on PATH. Install it in a step before this one, or set install-command."
  exec "$@"
}

install_here() {
  if [ -f pnpm-lock.yaml ]; then
    with_corepack pnpm install --frozen-lockfile
  elif [ -f bun.lock ] || [ -f bun.lockb ]; then
    command -v bun >/dev/null 2>&1 ||
      refuse 'bun is not on this runner' 'The lockfile belongs to bun. Install bun in a step before this one, or set install-command, for example: npm install --global bun && bun install --frozen-lockfile'
    exec bun install --frozen-lockfile
  elif [ -f yarn.lock ]; then
    # Yarn 1 writes this header and knows no --immutable; later versions know no --frozen-lockfile.
    if grep -q '^# yarn lockfile v1' yarn.lock; then
      with_corepack yarn install --frozen-lockfile
    fi
    with_corepack yarn install --immutable
  elif [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then
    exec npm ci
  fi
}

# In a monorepo the lockfile stands above the project, at most at the root of the checkout.
while :; do
  install_here
  [ "$PWD" != "$workspace" ] && [ "$PWD" != / ] || break
  cd ..
done

refuse 'no lockfile' "Neither $project nor a folder above it has package-lock.json, npm-shrinkwrap.json, pnpm-lock.yaml, yarn.lock, bun.lock or bun.lockb, so there is no telling which versions to install. Commit the lockfile, or set install-command."

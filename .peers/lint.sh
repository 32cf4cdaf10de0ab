#!/usr/bin/env bash
# Lints the contracts with the recommended rules of Redocly and Spectral. A warning fails, as an error does.
set -euo pipefail
cd "$(dirname "$0")"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

contracts=(../openapi/*.yaml)
node_modules/.bin/redocly lint --config .redocly.yaml "${contracts[@]}"
node_modules/.bin/spectral lint --ruleset .spectral.yaml --fail-severity hint "${contracts[@]}"

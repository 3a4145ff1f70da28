#!/bin/sh
# What the tests of the pages read them with: Debian's Chromium, Java and Poppler, axe-core, the Nu HTML checker, outloud.
# The tests run without it and say what they skip. Needs root for apt-get where a program is missing, and npm.
set -eu
cd "$(dirname "$0")/.."

missing=
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
if [ -n "$missing" ]; then
    apt-get update -q
    # shellcheck disable=SC2086 # names of packages
    apt-get install -qy --no-install-recommends $missing
fi
# A network with a proxy of its own has its certificate in the system's store, which npm and uv leave aside by default.
for store in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    [ -s "$store" ] || continue
    NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$store} UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1}
    export NODE_EXTRA_CA_CERTS UV_SYSTEM_CERTS
done
mkdir -p .tools/browser
npm install --silent --fetch-retries 1 --fetch-timeout 60000 --no-save --no-package-lock --no-audit --no-fund \
    --ignore-scripts --prefix .tools/browser axe-core@4.14.1 vnu-jar@26.9.27

[ -x .tools/outloud/bin/outloud ] || {
    .tools/uv/bin/uv venv --quiet --clear .tools/outloud
    .tools/uv/bin/uv pip install --quiet --python .tools/outloud/bin/python --require-hashes -r envs/outloud.lock
}

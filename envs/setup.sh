#!/bin/sh
# Sets up .venv from the hashed locks: `envs/setup.sh report` or `envs/setup.sh test`.
# Does nothing where the locks are unchanged. Needs Python 3.11 or newer with its venv module.
set -eu
cd "$(dirname "$0")/.."
what=${1:-report}
case $what in
    report) lock=envs/requirements.lock ;;
    test) lock=envs/test.lock ;;
    *) echo "envs/setup.sh: say 'report' or 'test', not '$what'." >&2; exit 2 ;;
esac

# The environment holds absolute paths, so it is made anew where the folder was moved or copied.
made_for=$(pwd; cat envs/*.lock | cksum)
state="$made_for $(cksum < pyproject.toml)"
stamp=.venv/.installed-$what
# What the tests need includes what the report needs.
for done in "$stamp" .venv/.installed-test; do
    [ "$what" = report ] || [ "$done" = "$stamp" ] || continue
    [ -f "$done" ] && [ "$(cat "$done")" = "$state" ] && exit 0
done

python=${PYTHON:-python3}
fail() { printf '%s\n' "Set-up failed: $1" "$2" >&2; exit 1; }
command -v "$python" >/dev/null 2>&1 ||
    fail "there is no command '$python'." "Install Python 3.11 or newer (Debian: apt-get install python3 python3-venv), or name one: make report PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$python" --version) is too old; 3.11 or newer is needed." "Name a newer one: make report PYTHON=/path/to/python3.11"
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
    fail "$python has no venv module." "Install it (Debian: apt-get install python3-venv) and run the command again."

# A home folder that cannot be written has no room for a cache of packages.
[ -w "${HOME:-/nonexistent}" ] || { UV_CACHE_DIR=$(pwd)/.tools/cache; export UV_CACHE_DIR; }
# A network with a proxy of its own has its certificate in the system's store, which uv leaves aside by default.
for store in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    [ -s "$store" ] && { UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1}; export UV_SYSTEM_CERTS; }
done
[ "$(cat .tools/.path 2>/dev/null)" = "$(pwd)" ] || rm -rf .tools
uv=.tools/uv/bin/uv
wanted=$(sed -n 's/^uv==\([^ ]*\).*/uv \1/p' envs/uv.lock)
case $("$uv" --version 2>/dev/null || true) in
    "$wanted"*) ;;
    *)
        echo "Setting up $wanted …"
        rm -rf .tools && mkdir .tools
        "$python" -m venv .tools/uv || fail "a virtual environment could not be made in .tools/." "Look at the message above; the disk may be full or the folder read-only."
        .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r envs/uv.lock ||
            fail "uv could not be installed." "Set-up needs the Python package registry: check the network (and HTTPS_PROXY), then run the command again."
        pwd > .tools/.path
        ;;
esac

echo "Setting up .venv from $lock …"
[ "$(cat .venv/.made-for 2>/dev/null)" = "$made_for" ] || {
    "$uv" venv --quiet --clear --python "$python" .venv ||
        fail ".venv could not be made." "Look at the message above; the disk may be full or the folder read-only."
    echo "$made_for" > .venv/.made-for
}
# Wheels only, so that no compiler is needed; connection-pool (plain Python) is published as source alone. Modules are
# compiled here, because not every environment lets Python keep what it compiles.
"$uv" pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes --build-constraints envs/build.lock \
    --only-binary :all: --no-binary connection-pool -r "$lock" ||
    fail "the packages of $lock could not be installed." "If the message above speaks of a connection, check the network (and HTTPS_PROXY) and run the command again. If it speaks of a missing wheel, this platform is not among those the lock covers (Linux, macOS and Windows on x86-64 or arm64)."
[ "$what" = report ] ||
    "$uv" pip install --quiet --python .venv/bin/python --require-hashes --only-binary :all: --no-deps -r envs/published.lock ||
    fail "the packages of envs/published.lock could not be installed." "Look at the message above; if it speaks of a connection, check the network (and HTTPS_PROXY) and run the command again."
"$uv" pip install --quiet --python .venv/bin/python --build-constraints envs/build.lock --no-deps --editable . ||
    fail "the project itself could not be installed into .venv." "Look at the message above."
echo "$state" > "$stamp"

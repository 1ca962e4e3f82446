# shellcheck shell=bash
# Sourced by the scripts of this folder: what they all need to know of the machine.
cache=${JOULEBOOK_CACHE:-$HOME/.cache/joulebook}

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
fail() { say "$@"; exit 1; }
have() { command -v "$1" >/dev/null; }

# The one kind of machine that the bundled sBPF recipe and the package names are for.
on_debian_x86_64() { [[ $(uname -sm) == 'Linux x86_64' ]] && grep -qs '^ID=debian$' /etc/os-release; }

# Runs a command whose output is of interest only if it fails: logged NAME COMMAND...
logged() {
  local log=$cache/log/$1.log
  shift
  mkdir -p "$cache/log"
  "$@" >"$log" 2>&1 && return
  cat "$log" >&2
  fail "this failed, with the output above: $*"
}

# Installs Debian packages, as root or through sudo.
apt_install() {
  local root=()
  if [[ $EUID -ne 0 ]]; then
    have sudo || fail "install these packages as root, then try again: $*"
    root=(sudo)
  fi
  say "installing $* (apt's output: $cache/log)"
  logged apt-update "${root[@]}" apt-get update -q
  logged apt-install "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "$@"
}

#!/bin/sh
# Brings a checkout to where `npm run demo` and `npm test` can start: npm packages as locked (with
# Node 24 among them) and, as root on Debian, the few system packages that are used. Runs from the
# Node that the machine has (20.19 or newer); silent and quick when nothing is to do; two runs at
# once wait for each other.
set -eu
exec </dev/null
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }

# What is looked for : the Debian package that has it. All of them are used by the demo or the tests.
tools='nbdcopy:libnbd-bin qemu-img:qemu-utils qemu-nbd:qemu-utils qemu-storage-daemon:qemu-system-common mkfs.ext4:e2fsprogs debugfs:e2fsprogs perl:perl unshare:util-linux losetup:mount'
# What the readers of guests' file systems are compared with.
tools="$tools unzip:unzip bsdtar:libarchive-tools mkfs.fat:dosfstools mcopy:mtools mkfs.exfat:exfatprogs mount.exfat-fuse:exfat-fuse"
tools="$tools ntfs-3g:ntfs-3g mkfs.xfs:xfsprogs fls:sleuthkit setfattr:attr setfacl:acl sfdisk:fdisk"
tools="$tools mkfs.btrfs:btrfs-progs lvm:lvm2 cryptsetup:cryptsetup-bin"
# Emulated guests, and what they are made of.
tools="$tools qemu-system-x86_64:qemu-system-x86 cpio:cpio readelf:binutils strip:binutils"
# A libvirt that tests start by hand; without its recommended packages it starts nothing by itself.
tools="$tools libvirtd:libvirt-daemon virsh:libvirt-clients"
# TPMs that libvirt has emulated, and what looks into them.
tools="$tools swtpm:swtpm swtpm_setup:swtpm-tools tpm2_nvread:tpm2-tools"

# The web console is looked at in a real browser, its figures checked by their own tool.
tools="$tools chromium:chromium promtool:prometheus groff:groff-base"
# Completion is tried in the shells themselves.
tools="$tools zsh:zsh fish:fish"

# /sbin is not in an ordinary user's PATH.
PATH=$PATH:/usr/sbin:/sbin

packages_are_current() {
  [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ] &&
    [ -d node_modules/commander ]
}

slim_node() {
  # C headers and manual pages: half of the package, never used here.
  for folder in node_modules/node-linux-*; do
    [ -d "$folder/include" ] || [ -d "$folder/share" ] || continue
    rm -rf "$folder/include" "$folder/share" "$folder/CHANGELOG.md"
  done
}

install_packages() {
  packages_are_current && return
  say 'installing npm packages (once, some 20 s)'
  log=$(mktemp)
  # npm's warnings that some packages want a newer Node are expected: they run on the one it brings.
  if ! npm ci --no-audit --no-fund --loglevel=error >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    say 'npm ci failed (see above)'
    exit 1
  fi
  rm -f "$log"
  # npm keeps the time at which a package was packed on some files; the comparison above needs now.
  touch node_modules/.package-lock.json
}

missing_tools() {
  for pair in $tools; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || echo "${pair##*:}"
  done | sort -u | tr '\n' ' '
}

install_tools() {
  missing=$(missing_tools)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    say "some of what follows will be left out; for all of it install: ${missing% }"
    say "  sudo apt-get install -y ${missing% }"
    return 0
  fi
  say "installing Debian packages: ${missing% }"
  # A machine that has never looked has no list of packages yet.
  # shellcheck disable=SC2086
  apt_install $missing || { apt-get update -qq && apt_install $missing; } ||
    say "apt-get could not install ${missing% }; what needs them will be left out"
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

check_node() {
  for node in node_modules/node-linux-*/bin/node; do
    [ -x "$node" ] && return
  done
  case $(node --version) in
    v2[4-9].* | v[3-9][0-9].*) return ;;
  esac
  say 'npm brought no Node 24 for this machine (x64 and arm64 on Linux have one): install Node 24'
  exit 1
}

is_compiled() {
  [ -f dist/built ] && [ -z "$(find core agent server cli proto web -newer dist/built \
    \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.sql' -o -name '*.proto' \) -print -quit)" ]
}

compile() {
  is_compiled && return
  say 'compiling (some 20 s)'
  PATH=$PWD/node_modules/.bin:$PATH node --disable-warning=ExperimentalWarning scripts/build.ts >&2 ||
    say 'it does not compile (see above): bin/holdfast runs the sources'
}

# The lock is the open file: it goes with the process, however that ends. In a checkout of somebody
# else's, that may only be read, there is nothing to install and nothing to lock.
mkdir -p .holdfast 2>/dev/null || true
if command -v flock >/dev/null 2>&1 && (: >>.holdfast/setup.lock) 2>/dev/null; then
  exec 9>>.holdfast/setup.lock
  flock 9
fi

install_packages
slim_node
install_tools
check_node
if [ -w . ]; then compile; fi

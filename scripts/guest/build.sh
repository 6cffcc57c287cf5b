#!/bin/sh
# build.sh FOLDER
# A tiny Linux guest out of Debian packages, for `npm run demo:vm` and the tests:
#   FOLDER/vmlinuz     Debian's cloud kernel, unpacked, not installed
#   FOLDER/initrd.gz   busybox, qemu-guest-agent with its libraries, the modules for virtio, and ./init
# Needs apt's lists, dpkg-deb, cpio, gzip and readelf; no root, no loop device, no KVM. Installs nothing.
set -eu
out=${1:?usage: build.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt's own user looks into it
PATH=$PATH:/usr/sbin:/sbin

kernel=$(apt-cache depends linux-image-cloud-amd64 |
  sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
[ -n "$kernel" ] || { echo 'apt knows no linux-image-cloud-amd64: apt-get update' >&2; exit 1; }
mkdir "$work/packages" "$work/system"
cd "$work/packages"
apt-get -qq -o Debug::NoLocking=1 -o APT::Sandbox::User=root download "$kernel" busybox-static \
  qemu-guest-agent libc6 libglib2.0-0 libpcre2-8-0 libnuma1 libudev1 liburing2 >/dev/null

modules='virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk virtio_console
  failover net_failover virtio_net libcrc32c xfs'
for package in *.deb; do
  case $package in
    linux-image*) dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work/system" --wildcards './boot/vmlinuz*' \
      '*/drivers/virtio/*' '*/virtio_blk.ko' '*/virtio_console.ko' '*/virtio_net.ko' '*failover.ko' \
      '*/xfs.ko' '*/libcrc32c.ko' ;;
    *) dpkg-deb -x "$package" "$work/system" ;;
  esac
done

system=$work/system
root=$work/root
libraries=$root/lib/x86_64-linux-gnu
mkdir -p "$root/bin" "$root/sbin" "$root/usr/bin" "$root/usr/sbin" "$root/etc/hooks" "$root/dev" \
  "$root/proc" "$root/sys" "$root/run" "$root/tmp" "$root/mnt" "$root/lib64" "$libraries" \
  "$root/lib/modules" "$root/var/run"

# Libraries that a program needs, and those that these need.
add_libraries() {
  for needed in $(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
    [ -e "$libraries/$needed" ] && continue
    found=$(find "$system/lib" "$system/usr/lib" -name "$needed" | head -n 1)
    [ -n "$found" ] || { echo "no package has $needed" >&2; exit 1; }
    cp -L "$found" "$libraries/$needed"
    add_libraries "$found"
  done
}
cp "$system/bin/busybox" "$root/bin/"
cp "$system/usr/sbin/qemu-ga" "$root/usr/sbin/"
add_libraries "$root/usr/sbin/qemu-ga"
cp -L "$system/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$root/lib64/"
for name in $modules; do
  module=$(find "$system/lib/modules" -name "$name.ko" | head -n 1)
  [ -n "$module" ] || { echo "the kernel has no module $name" >&2; exit 1; }
  strip --strip-debug -o "$root/lib/modules/$name.ko" "$module" 2>/dev/null ||
    cp "$module" "$root/lib/modules/$name.ko"
done
install -m 755 "$here/init" "$root/init"
install -m 755 "$here/shutdown" "$root/sbin/shutdown"
install -m 755 "$here/freeze-hook" "$root/etc/hooks/freeze-hook"
printf '::ctrlaltdel:/sbin/shutdown -r\n::askfirst:/bin/true\n' >"$root/etc/inittab"

(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc --quiet --owner=0:0 | gzip -1) >"$out/initrd.gz.new"
cp "$system"/boot/vmlinuz* "$out/vmlinuz.new"
mv "$out/initrd.gz.new" "$out/initrd.gz"
mv "$out/vmlinuz.new" "$out/vmlinuz" # last: its presence says that all is there

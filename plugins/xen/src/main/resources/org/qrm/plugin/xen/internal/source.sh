# Runs on the source system; it only reads. Prints key=value lines.
set -u
export LC_ALL=C
for file in /boot/xen-*.gz; do
    [ -f "$file" ] && [ ! -L "$file" ] && echo "hypervisor=${file#/boot/}"
done | sort -V
for file in /boot/vmlinuz-*; do
    [ -f "$file" ] || continue
    version=${file#/boot/vmlinuz-}
    dom0=unknown modules=no
    if [ -r "/boot/config-$version" ]; then
        dom0=no
        grep -q '^CONFIG_XEN_DOM0=y' "/boot/config-$version" && dom0=yes
    fi
    [ -r "/lib/modules/$version/modules.dep" ] && modules=yes
    echo "kernel=$version $dom0 $modules"
done | sort -V
ip -o -4 addr show scope global 2> /dev/null | while read -r _ _ _ address _; do
    echo "network=$address"
done
echo "used-kib=$(df -kP / | { read -r _; read -r _ _ used _; echo "$used"; })"
echo "rsync=$(command -v rsync > /dev/null && echo yes || echo no)"
case $(readlink -f /sbin/init 2> /dev/null) in
    */systemd) echo init=systemd ;;
    *) echo init=other ;;
esac

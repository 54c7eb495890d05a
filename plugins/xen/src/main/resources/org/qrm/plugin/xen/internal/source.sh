# Runs on the source system; it only reads. Prints key=value lines.
set -u
export LC_ALL=C
boot=${QRM_TEST_ROOT:-}/boot modules=${QRM_TEST_ROOT:-}/lib/modules
# Oldest first. A dot and a letter end a version, as in 427.el9, which is older than 427.13.1.el9_4.
by_version() { sed -e 'h; s/\.\([A-Za-z]\)/~\1/g; G; s/\n/\t/' | sort -V -t "$(printf '\t')" -k 1,1 | cut -f 2; }
for file in "$boot"/xen-*.gz; do
    [ -f "$file" ] || continue
    # a link to another one is only a name for it
    if [ -L "$file" ]; then
        case $(readlink -f "$file") in "$boot"/xen-*.gz) continue ;; esac
    fi
    echo "hypervisor=${file#"$boot"/}"
done | by_version
# kernel=VERSION DOM0 MODULES PLACE; some distributions have kernels beside their modules only
for file in "$boot"/vmlinuz-* "$modules"/*/vmlinuz; do
    [ -f "$file" ] || continue
    case $file in
        "$boot"/*) version=${file#"$boot"/vmlinuz-} place=boot ;;
        *)
            version=${file#"$modules"/} version=${version%/vmlinuz} place=modules
            [ ! -f "$boot/vmlinuz-$version" ] || continue
            ;;
    esac
    dom0=unknown has=no
    for config in "$boot/config-$version" "$modules/$version/config"; do
        [ -r "$config" ] || continue
        dom0=no
        grep -q '^CONFIG_XEN_DOM0=y' "$config" && dom0=yes
        break
    done
    [ -r "$modules/$version/modules.dep" ] && has=yes
    echo "kernel=$version $dom0 $has $place"
done | by_version
# a file system of its own that is not mounted: what is in the directory then is of no use, or older
if awk '$1 !~ /^#/ && $2 ~ "^/boot/*$" { is = 1 } END { exit !is }' "${QRM_TEST_ROOT:-}/etc/fstab" 2> /dev/null &&
    ! awk '$5 == "/boot" { is = 1 } END { exit !is }' "${QRM_TEST_ROOT:-}/proc/self/mountinfo"; then
    echo boot=away
fi
ip -o -4 addr show scope global 2> /dev/null | while read -r _ _ _ address _; do
    echo "network=$address"
done
echo "used-kib=$(df -kP / | { read -r _; read -r _ _ used _; echo "$used"; })"
echo "rsync=$(command -v rsync > /dev/null && echo yes || echo no)"
case $(readlink -f /sbin/init 2> /dev/null) in
    */systemd) echo init=systemd ;;
    *) echo init=other ;;
esac

# shellcheck shell=bash
# Root file systems of plain Debian, made once by debootstrap and kept in RACK_CACHE.

RACK_SUITE=bookworm

image_packages() { # NAME
    case $1 in
        # What a virtual environment boots: nothing in it knows of QRM
        debian) echo systemd-sysv,dbus,udev,iproute2,procps ;;
        # The release before, and the one after
        bullseye | trixie) echo systemd-sysv,dbus,udev,iproute2,procps ;;
        # Its network is configured by netplan, which has systemd-networkd do it
        netplan) echo systemd-sysv,dbus,udev,iproute2,procps,netplan.io ;;
        source) echo systemd-sysv,dbus,udev,iproute2,procps,openssh-server,rsync ;;
        # The same with a hypervisor and a kernel, as the source of a Xen host; without Xen's tools
        xen) echo systemd-sysv,dbus,udev,iproute2,procps,openssh-server,rsync,kmod,linux-image-amd64,xen-hypervisor-4.17-amd64 ;;
        # Kept by a virtual environment itself: a storage server with the kernel's NFS server
        kernel-nfs) echo systemd-sysv,dbus,udev,iproute2,procps,openssh-server,rsync,kmod,linux-image-amd64,e2fsprogs,nfs-kernel-server,lvm2,thin-provisioning-tools,zfsutils-linux ;;
        # A host for the Debian package, with all that it depends on
        package-host) echo systemd-sysv,dbus,udev,iproute2,procps,openssh-server,openjdk-17-jre-headless,dnsmasq-base,busybox-static ;;
        storage) echo iproute2,procps,netbase,openssh-server,rsync,rpcbind,nfs-ganesha,nfs-ganesha-vfs,debootstrap,ca-certificates ;;
        *) misuse "no image '$1': debian, bullseye, trixie, netplan, source, xen, kernel-nfs, package-host or storage" ;;
    esac
}

image_suite() { # NAME
    case $1 in
        bullseye | trixie) echo "$1" ;;
        *) echo "$RACK_SUITE" ;;
    esac
}

# Kernel modules that Debian has as source only: the image gets them built, and no compiler
image_modules() { # NAME
    case $1 in kernel-nfs) echo zfs-dkms ;; esac
}

# Another list of packages is another image
image_path() { # NAME
    local packages modules
    packages=$(image_packages "$1") || exit
    modules=$(image_modules "$1")
    printf '%s/images/%s-%s' "$RACK_CACHE" "$1" "$(printf '%s %s' "$(image_suite "$1")" "$packages${modules:+ $modules}" | sha256sum | cut -c1-12)"
}

rack_image() { # NAME [--directory|--on-storage]
    check_settings
    local path
    path=$(image_path "${1:-}") || exit
    case ${2:-} in
        --directory)
            image_build "$1" "$path"
            echo "$path/root"
            ;;
        '')
            image_build "$1" "$path"
            image_archive "$path"
            echo "$path/root.tar"
            ;;
        --on-storage)
            image_build "$1" "$path"
            image_archive "$path"
            echo "/srv/${path##*/}/root.tar"
            ;;
        *) misuse "image does not know '$2'" ;;
    esac
}

# Ahead of a rack, so that its start waits for no download
images_build() { # SOURCE
    rack_image storage --directory >/dev/null
    rack_image "$1" --directory >/dev/null
}

image_build() { # NAME PATH
    [ ! -d "$2/root" ] || return 0
    mkdir -p "$2" "$RACK_CACHE/debs"
    exec 7<"$2"
    flock 7
    [ ! -d "$2/root" ] || return 0
    say "making the root file system '$1' below $2, once (a minute or two$([ -z "$(image_modules "$1")" ] || echo '; ten for its kernel modules'))"
    # A namespace of its own: debootstrap mounts /proc, and is to leave nothing when it is killed
    if ! unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
        bash -euc "$(declare -f image_populate image_add_modules); image_populate \"\$@\"" bash \
        "$(image_suite "$1")" "$2/root.new" "$RACK_CACHE/debs" "$(image_packages "$1")" "$(image_modules "$1")" </dev/null >"$2/log" 2>&1 7<&-; then
        fail "debootstrap failed for the image '$1'; $2/log ends with: $(tail -n 3 "$2/log")"
    fi
    mv "$2/root.new" "$2/root"
    exec 7<&-
}

image_populate() { # SUITE DIRECTORY CACHE PACKAGES MODULES
    rm -rf --one-file-system "$2"
    mkdir -m 0755 "$2"
    debootstrap --variant=minbase --components="main${5:+,contrib}" --cache-dir="$3" --include="$4" "$1" "$2"
    [ -z "$5" ] || image_add_modules "$1" "$2" "$3" "$5"
    # Of this machine and this minute, not of Debian
    rm -f "$2"/etc/resolv.conf "$2"/etc/ssh/ssh_host_* "$2"/var/cache/apt/archives/*.deb "$2"/var/log/bootstrap.log
    rm -rf "$2"/var/lib/apt/lists/*
    : >"$2/etc/machine-id"
    echo debian >"$2/etc/hostname"
}

image_add_modules() { # SUITE DIRECTORY CACHE MODULES
    rm -rf --one-file-system "$2.builder"
    mkdir -m 0755 "$2.builder"
    debootstrap --variant=minbase --components=main,contrib --cache-dir="$3" --include="linux-image-amd64,linux-headers-amd64,$4" "$1" "$2.builder"
    cp -a "$2.builder"/lib/modules/*/updates "$2"/lib/modules/*/
    chroot "$2" depmod "$(basename "$2"/lib/modules/*)"
    rm -rf --one-file-system "$2.builder"
}

image_archive() { # PATH
    [ ! -e "$1/root.tar" ] || return 0
    tar --numeric-owner --xattrs --acls -C "$1/root" -cf "$1/root.tar.new" .
    mv "$1/root.tar.new" "$1/root.tar"
}

# shellcheck shell=bash
# The storage server and the source system: each a Debian of its own, in namespaces of its own, on the rack's bridge.
# What they write goes to a layer in memory; only the storage server's /export and the hosts' /root/.ssh are on disk.

# --- inside the rack, before the host has its root

host_mount_root() { # NAME TREE
    local dir=$RACK_DIR/hosts/$1
    local root=$dir/top/root
    mount -t tmpfs -o mode=0755,size=2g "rack-$1" "$dir/top"
    mkdir "$dir/top/upper" "$dir/top/work" "$root"
    mount -t overlay -o "lowerdir=$2,upperdir=$dir/top/upper,workdir=$dir/top/work" "rack-$1" "$root"
    mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
    mount -t sysfs -o nosuid,nodev,noexec,ro sysfs "$root/sys"
    host_make_devices "$root/dev"
    mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs "$root/run"
    mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$root/tmp"
    mkdir -p "$root/root/.ssh" "$root/run/rack"
    mount --bind "$dir/ssh" "$root/root/.ssh"
    mount --bind "$dir/run" "$root/run/rack"
    if [ "$1" = storage ]; then
        mkdir "$root/export"
        mount --bind "$RACK_DIR/storage/export" "$root/export"
        mount --bind "$RACK_CACHE/images" "$root/srv"
        mount -o remount,bind,ro "$root/srv"
    fi
}

host_make_devices() { # DIRECTORY
    local device
    mount -t tmpfs -o nosuid,mode=0755 tmpfs "$1"
    for device in null zero full random urandom tty; do
        touch "$1/$device"
        mount --bind "/dev/$device" "$1/$device"
    done
    mkdir "$1/pts" "$1/shm"
    mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=0620 devpts "$1/pts"
    mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$1/shm"
    ln -s pts/ptmx "$1/ptmx"
    ln -s /proc/self/fd "$1/fd"
    ln -s fd/0 "$1/stdin"
    ln -s fd/1 "$1/stdout"
    ln -s fd/2 "$1/stderr"
}

host_change_root() { # ROOT
    cd "$1" || return
    mkdir -p mnt
    pivot_root . mnt
    cd /
    umount -l /mnt
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
}

# --- inside the host

host_start() { # NAME
    echo "$1" >/etc/hostname
    # systemd would make this link, and ganesha finds file systems through it
    ln -sf /proc/self/mounts /etc/mtab
    printf '127.0.0.1 localhost %s\n' "$1" >/etc/hosts
    case $1 in
        storage)
            sshd_start "$RACK_STORAGE_MANAGEMENT_ADDRESS"
            nfs_start
            ;;
        source) sshd_start "$RACK_SOURCE_ADDRESS" ;;
    esac
}

sshd_start() { # ADDRESS
    ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
    ssh-keygen -q -t ecdsa -N '' -f /etc/ssh/ssh_host_ecdsa_key
    cp /etc/ssh/ssh_host_*_key.pub /run/rack/
    cat >/etc/ssh/sshd_config.d/rack.conf <<EOF
ListenAddress $1
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
EOF
    mkdir -p /run/sshd
    /usr/sbin/sshd -E /run/rack/sshd.log
}

# One file for each export in /etc/ganesha/exports.d; SIGHUP makes ganesha read them again.
nfs_start() {
    mkdir -p /etc/ganesha/exports.d /run/ganesha /var/lib/nfs/ganesha
    cat >/etc/ganesha/ganesha.conf <<EOF
NFS_CORE_PARAM { Protocols = 3,4; Bind_addr = $RACK_STORAGE_ADDRESS; mount_path_pseudo = true; Enable_NLM = false; Enable_RQUOTA = false; }
NFSV4 { Graceless = true; }
EXPORT_DEFAULTS { SecType = sys; Access_Type = NONE; Transports = TCP; }
%dir /etc/ganesha/exports.d
EOF
    rpcbind -w
    ganesha.nfsd -L /run/rack/ganesha.log -f /etc/ganesha/ganesha.conf -N NIV_EVENT -p /run/ganesha/ganesha.pid
}

# --- inside the rack, by its first process

hosts_start() {
    [ -e "$RACK_DIR/hosts/wanted" ] || return 0
    host_launch storage "$RACK_STORAGE_ADDRESS" "$RACK_STORAGE_MANAGEMENT_ADDRESS"
    host_launch source "$RACK_SOURCE_ADDRESS"
    wait_until 120 test -e "$RACK_DIR/hosts/storage/run/ready"
    wait_until 120 test -e "$RACK_DIR/hosts/source/run/ready"
}

host_launch() { # NAME ADDRESS …
    local name=$1 dir=$RACK_DIR/hosts/$1
    shift
    unshare --mount --propagation private --net --uts --ipc --pid --fork --kill-child \
        "$RACK_HOME/libexec/rack-host" "$name" "$(cat "$dir/tree")" </dev/null >>"$RACK_LOGS/$name.log" 2>&1 &
    wait_until 120 test -e "$dir/pid"
    network_join "$name" "$(cat "$dir/pid")" "$@"
    touch "$dir/network"
}

# --- outside, before the rack starts

hosts_lay_out() { # SOURCE
    local name tree
    mkdir -p "$RACK_DIR/storage/export"
    for name in storage source; do
        tree=$(rack_image "${name/#source/$1}" --directory)
        mkdir -p "$RACK_DIR/hosts/$name/top" "$RACK_DIR/hosts/$name/run"
        mkdir -m 0700 "$RACK_DIR/hosts/$name/ssh"
        install -m 0600 /dev/null "$RACK_DIR/hosts/$name/ssh/authorized_keys"
        echo "$tree" >"$RACK_DIR/hosts/$name/tree"
    done
    touch "$RACK_DIR/hosts/wanted"
}

rack_authorize() { # storage|source [FILE]
    [ $# -ge 1 ] || misuse "authorize needs: storage|source [FILE]"
    require_rack
    require_host "$1"
    cat -- "${2:--}" >>"$RACK_DIR/hosts/$1/ssh/authorized_keys"
}

require_host() { # NAME
    case $1 in
        storage | source) [ -e "$RACK_DIR/hosts/$1/pid" ] || fail "this rack was started with --no-hosts: it has no '$1'" ;;
        *) misuse "no host '$1': server, storage or source" ;;
    esac
}

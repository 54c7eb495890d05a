# shellcheck shell=bash
# A network name space with a bridge, DHCP, an NFS server and the stand-in for the server; machines are QEMU processes on it.
# Sourced by run; `up` and `down` may be used by hand too.

NS=${NS:-qnode}
NET=10.79.0
SERVER=$NET.1
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BOOT=${BOOT:-$HERE/../../target/boot}
STATE=${STATE:-$HERE/../../target/smoke}
MAC=52:54:00:aa:00:01

up() {
    down
    mkdir -p "$STATE"
    rm -f "$STATE"/{log,*.log,*.pid}
    ip netns add "$NS"
    inside ip link set lo up
    inside ip link add br0 type bridge
    inside ip addr add "$SERVER/24" dev br0
    inside ip link set br0 up
    for tap in tap0 tap1; do
        inside ip tuntap add "$tap" mode tap
        inside ip link set "$tap" master br0 up
    done
    certificates
    echo 'do=idle' > "$STATE/instruction"
    start dnsmasq dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --interface=br0 --bind-interfaces --no-ping \
        --dhcp-range="$NET.100,$NET.150,1h" --dhcp-leasefile="$STATE/leases" --log-dhcp --user=root
    start server python3 "$HERE/server.py" "$STATE" "$SERVER"
}

# a switch at each card: what LLDP tells, every five seconds
switches() {
    start switches perl -e '
        socket(my $socket, 17, 3, 0) or die "socket: $!";
        while (1) {
            for my $tap (0, 1) {
                open(my $file, "<", "/sys/class/net/tap$tap/ifindex") or die "tap$tap: $!";
                my $frame = pack("H*", "0180c200000e020000000001" . "88cc" . "020704" . "0200000000" . "0$tap" . "0404" . "05" . "65743" . $tap . "06020078" . "0a03737731" .
                    "fe060080c2010007" . "0000");
                send($socket, $frame, 0, pack("S n l S C C a8", 17, 0x88cc, <$file>, 1, 0, 6, "")) or die "send: $!";
            }
            sleep 5;
        }'
}

inside() {
    ip netns exec "$NS" "$@"
}

# start NAME COMMAND...: in the background, inside the name space
start() {
    local name=$1
    shift
    ip netns exec "$NS" "$@" > "$STATE/$name.log" 2>&1 < /dev/null &
    echo $! > "$STATE/$name.pid"
}

certificates() {
    [ -s "$STATE/server.pem" ] && return
    (
        cd "$STATE" || exit
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 -subj '/CN=smoke CA'
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj '/CN=smoke server'
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out server.crt \
            -extfile <(echo "subjectAltName=IP:$SERVER")
        cat server.key server.crt > server.pem
        ssh-keygen -q -t ecdsa -b 256 -N '' -f ssh-key
        cut -d' ' -f1-2 ssh-key.pub > authorized-key
    ) > "$STATE/certificates.log" 2>&1
}

# power_on [KERNEL ARGUMENT...]: boots the idle kernel and initrd directly
power_on() {
    local ca
    ca=$(openssl x509 -in "$STATE/ca.pem" -outform DER | sha256sum | cut -d' ' -f1)
    rm -f "$STATE/console.log"
    start machine qemu-system-x86_64 -machine q35 -accel "${ACCEL:-tcg,thread=multi}" -smp 1 -m "${MEMORY:-1024}" \
        -cpu "${CPU:-max,-smap,-smep,-pku,-pks,-la57,-xsave}" -nographic -no-reboot -monitor none \
        -kernel "${KERNEL:-$BOOT/idle/vmlinuz}" -initrd "${INITRD:-$BOOT/idle/initrd.img}" \
        -append "console=ttyS0 qrm.server=https://$SERVER:8443 qrm.http=http://$SERVER:8080 qrm.ca=$ca qrm.mac=$MAC \
qrm.token=dG9rZW4 qrm.image=idle $*" \
        -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device "${CARD:-e1000},netdev=n0,mac=$MAC" \
        -netdev tap,id=n1,ifname=tap1,script=no,downscript=no -device "virtio-net-pci,netdev=n1,mac=52:54:00:bb:00:01" \
        -serial "file:$STATE/console.log"
}

stop() {
    [ -f "$STATE/$1.pid" ] || return 0
    # unshare lives through SIGTERM, and takes its children with it on SIGKILL
    kill -KILL "$(cat "$STATE/$1.pid")" 2> /dev/null || true
    rm -f "$STATE/$1.pid"
}

down() {
    local name
    for name in machine switches server dnsmasq ganesha; do
        stop "$name"
    done
    [ ! -e "/run/netns/$NS" ] || ip netns delete "$NS"
}

# serve_images DIRECTORY: exports DIRECTORY as /image over NFS, from user space
serve_images() {
    cat > "$STATE/ganesha.conf" <<END
NFS_CORE_PARAM { Protocols = 3,4; Bind_addr = $SERVER; mount_path_pseudo = true; }
NFSV4 { Only_Numeric_Owners = true; Graceless = true; }
EXPORT_DEFAULTS { Squash = No_Root_Squash; SecType = sys; Access_Type = RW; }
EXPORT { Export_Id = 1; Path = $1; Pseudo = /image; Protocols = 3,4; Transports = TCP,UDP; FSAL { Name = VFS; } }
END
    start ganesha unshare --mount --pid --fork --kill-child sh -c "mount -t proc proc /proc; mount -t tmpfs tmpfs /run; mkdir /run/ganesha
        rpcbind -w -f & exec ganesha.nfsd -F -f '$STATE/ganesha.conf' -L '$STATE/nfs.log' -p /run/ganesha/pid"
}

# ssh_to ADDRESS COMMAND...: what the server does to reach qrm-execd
ssh_to() {
    inside ssh -q -p 8022 -i "$STATE/ssh-key" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "root@$1" "${@:2}"
}

# instruct LINE...: what the server answers from now on
instruct() {
    printf '%s\n' "$@" > "$STATE/instruction.new"
    mv "$STATE/instruction.new" "$STATE/instruction"
}

# await SECONDS PATTERN: waits for a request in the log, after the line where the last await ended
await() {
    local left=$(($1 * 5))
    until tail -n "+$((${mark:-0} + 1))" "$STATE/log" 2> /dev/null | grep -q -- "$2"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || {
            echo "no request like '$2' within $1 s" >&2
            tail -n 5 "$STATE/log" >&2
            return 1
        }
        sleep 0.2
    done
    mark=$((${mark:-0} + $(tail -n "+$((${mark:-0} + 1))" "$STATE/log" | grep -n -m 1 -- "$2" | cut -d: -f1)))
    echo "$(date +%T) $2"
}

# await_end SECONDS: waits until the machine is off
await_end() {
    timeout "$1" tail --pid="$(cat "$STATE/machine.pid")" -f /dev/null && echo "$(date +%T) machine off"
}

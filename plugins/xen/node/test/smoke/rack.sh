# shellcheck shell=bash
# A network name space with a bridge, DHCP, an NFS server and the stand-in for the server; one QEMU machine on it that boots Xen.
# Sourced by run; `up`, `power_on` and `down` may be used by hand too.

NS=${NS:-qxen}
NET=10.81.0
SERVER=$NET.1
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../../../../.." && pwd)
BOOT=$ROOT/framework/node/target/boot/idle
STATE=${STATE:-$HERE/../../target/smoke}
MAC=52:54:00:aa:00:01

# up IMAGE STORAGE: IMAGE is the root file system of the Xen host, STORAGE one that holds NFS-Ganesha
up() {
    down
    mkdir -p "$STATE/boot"
    rm -f "$STATE"/{log,*.log,*.pid,instruction-*,configuration-*}
    cp "$BOOT/vmlinuz" "$BOOT/initrd.img" "$STATE/boot/"
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
    start dnsmasq dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --interface=br0 --bind-interfaces --no-ping \
        --dhcp-range="$NET.100,$NET.150,1h" --dhcp-leasefile="$STATE/leases" --log-dhcp --user=root
    start server python3 "$HERE/server.py" "$STATE" "$SERVER"
    serve_image "$1" "$2"
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
    [ ! -s "$STATE/server.pem" ] || return 0
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

# exports IMAGE as /image over NFS, from user space, out of the root file system STORAGE; neither is written to
serve_image() {
    mkdir -p "$STATE/ganesha"
    cat > "$STATE/ganesha/ganesha.conf" <<END
NFS_CORE_PARAM { Protocols = 3; Bind_addr = $SERVER; mount_path_pseudo = true; Enable_NLM = false; Enable_RQUOTA = false; }
EXPORT_DEFAULTS { Squash = No_Root_Squash; SecType = sys; Access_Type = RO; Transports = TCP; }
EXPORT { Export_Id = 1; Path = /mnt; Pseudo = /image; Protocols = 3; FSAL { Name = VFS; } }
END
    # shellcheck disable=SC2016  # the inner shell's variables
    start ganesha unshare --mount --pid --fork --kill-child sh -ec '
        mount -t tmpfs tmpfs /mnt
        mkdir -p /mnt/upper /mnt/work /mnt/root
        mount -t overlay -o "lowerdir=$2,upperdir=/mnt/upper,workdir=/mnt/work" overlay /mnt/root
        cd /mnt/root
        mount -t proc proc proc
        mount -o bind /dev dev
        mount -t tmpfs tmpfs run
        mount -o bind "$1" mnt
        mkdir -p run/ganesha var/lib/nfs/ganesha
        ln -sf /proc/self/mounts etc/mtab
        cp "$3" run/ganesha.conf
        exec chroot . sh -c "rpcbind -w -f & exec ganesha.nfsd -F -f /run/ganesha.conf -L /dev/stderr -p /run/ganesha/pid"' \
        sh "$1" "$2" "$STATE/ganesha/ganesha.conf"
}

# power_on [KERNEL ARGUMENT...]: boots hypervisor and kernel of the image, with the idle initrd
power_on() {
    local ca
    ca=$(openssl x509 -in "$STATE/ca.pem" -outform DER | sha256sum | cut -d' ' -f1)
    rm -f "$STATE/console.log"
    gzip -dc "$IMAGE"/boot/xen-*-amd64.gz > "$STATE/xen"
    start machine qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -smp 1 -m "${MEMORY:-2048}" \
        -cpu max,-smap,-smep,-pku,-pks,-la57,-xsave -nographic -no-reboot -monitor none \
        -kernel "$STATE/xen" -append "dom0_mem=${DOM0_MEMORY:-640M,max:640M} dom0_max_vcpus=1 com1=115200,8n1 console=com1 loglvl=warning" \
        -initrd "$BOOT/vmlinuz console=hvc0 qrm.server=https://$SERVER:8443 qrm.http=http://$SERVER:8080 qrm.ca=$ca qrm.mac=$MAC \
qrm.token=$(openssl rand -hex 16) qrm.image=xen $*,$BOOT/initrd.img" \
        -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device "e1000,netdev=n0,mac=$MAC" \
        -netdev tap,id=n1,ifname=tap1,script=no,downscript=no -device "e1000,netdev=n1,mac=52:54:00:bb:00:01" \
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
    for name in machine server dnsmasq ganesha; do
        stop "$name"
    done
    [ ! -e "/run/netns/$NS" ] || ip netns delete "$NS"
}

# ssh_to ADDRESS COMMAND...: what the server does to reach qrm-execd
ssh_to() {
    inside ssh -q -p 8022 -i "$STATE/ssh-key" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "root@$1" "${@:2}"
}

# instruct MAC LINE...: what the server answers this machine from now on
instruct() {
    printf '%s\n' "${@:2}" > "$STATE/instruction.new"
    mv "$STATE/instruction.new" "$STATE/instruction-$1"
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

# shellcheck shell=dash
# The SSH server through which the server reaches qrm-execd: one key may log in, for one command.

EXECD_PORT=8022

make_host_key() {
    chroot "$QRM" /bin/dropbearkey -t ecdsa -s 256 -f /etc/host-key > "$QRM/tmp/host-key.log" 2>&1 ||
        say "cannot make an SSH host key: $(printable 200 < "$QRM/tmp/host-key.log")"
}

# the public half, as it is registered: dropbearkey printed it when it made the key
host_key() {
    sed -n 's/^\(ecdsa-sha2-nistp256 [A-Za-z0-9+/=]*\).*/\1/p' "$QRM/tmp/host-key.log"
}

# A machine that is known can be reached. It is not waited for ever: a machine without commands still runs images.
await_sshd() {
    listening=$(printf ':%04X 0*:0000 0A ' "$EXECD_PORT") # see proc_net_tcp.txt of the kernel's documentation
    tries=50
    until cat "$PROC/net/tcp" "$PROC/net/tcp6" 2> /dev/null | grep -q "$listening"; do
        [ "$tries" -gt 0 ] || {
            say "the SSH server does not listen on port $EXECD_PORT after 5 s"
            return 0
        }
        sleep 0.1
        tries=$((tries - 1))
    done
}

is_public_key() {
    case $1 in
        'ecdsa-sha2-nistp256 '* | 'ssh-ed25519 '*) consists_of "${1#* }" 'A-Za-z0-9+/=' ;;
        *) return 1 ;;
    esac
}

allow_key() {
    (
        umask 077
        printf 'no-port-forwarding,no-agent-forwarding,no-X11-forwarding %s qrm\n' "$1" > "$QRM/root/.ssh/authorized_keys"
    )
}

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

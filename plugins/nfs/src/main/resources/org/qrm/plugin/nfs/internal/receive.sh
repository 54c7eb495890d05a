# Runs on the storage server: sh -c 'this text' qrm STAGING LOCK OPTION...
# rsync as the client. What it takes for its remote shell passes its protocol on to this command's own standard input and
# output, on whose other end the QRM server holds the source system; the words for the source are only told. It ends with
# the source, as ssh does, and holds neither the lock nor the SSH channel open. cat needs --blocking-io: it gives up at EAGAIN.
set -eu
staging=$1 lock=$2
shift 2
exec 9>"$lock"
flock -n 9 || {
    echo "qrm-reason an earlier attempt still writes to $staging" >&2
    echo "qrm-remedy End it on the storage server, or wait." >&2
    exit 65
}
exec 3<&0 4>&1 </dev/null 1>&2
# Attributes that only the source's file system has (btrfs(5), "btrfs.compression"; bcachefs): others refuse them. The rules are the
# receiver's, so that the source's rsync, which may be older, hears of none; "system.*" stands there because rsync leaves it out only without rules.
! rsync --filter='-xr btrfs.*' --version >/dev/null 2>&1 ||
    set -- --filter='-xr system.*' --filter='-xr btrfs.*' --filter='-xr bcachefs*' "$@"
exec rsync -aHAXS --numeric-ids --delete --no-inc-recursive --outbuf=L --timeout=300 --blocking-io \
    -e "sh -c 'echo qrm-remote \"\$@\" >&2; exec 5<&0 2>/dev/null 9>&-; cat <&5 >&4 3<&- & up=\$!; exec 4>&- 5<&-; cat <&3; kill \$up; :' qrm" \
    "$@" source:/ "$staging/"

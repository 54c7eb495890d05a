# shellcheck shell=dash
# Names that distributions give; the wanted one is the first of each line.

NAMES='6.1.0-40-amd64 6.1.0-9-amd64 6.1.0-40-rt-amd64 6.1.0-41-amd64-dbg 6.1.0-40-amd64.old
6.9-amd64 6.9~rc7-amd64 6.10~rc1-amd64
5.14.0-427.13.1.el9_4.x86_64 5.14.0-427.el9.x86_64 5.14.0-427.9.1.el9_4.x86_64 5.14.0-427.13.1.el9_4.x86_64+debug 0-rescue-0123456789abcdef
4.18.0-513.5.1.el8_9.x86_64 4.18.0-513.el8.x86_64 4.18.0-80.11.2.el8_0.x86_64
6.4.0-150600.23.7-default 6.4.0-150600.23-default 6.4.0-150600.23.7-debug
6.8.0-45-generic 6.8.0-9-generic 6.8.0-45-generic.bak 6.8.0-46-generic.dpkg-new
6.11.4-301.fc41.x86_64 6.11.0-0.rc7.56.fc41.x86_64
6.8.0-45-generic 6.8.1-1010-realtime 6.8.0-1016-aws 6.8.0-1017-azure 6.8.0-1014-kvm
6.1.0-40-amd64 6.1.0-40-cloud-amd64 6.1.0-41-cloud-amd64
6.4.0-150600.23.7-default 6.4.0-150600.23.9-kvmsmall 6.4.0-150600.23.9-azure
6.1.0-40-cloud-amd64 6.1.0-9-cloud-amd64
4.19.0+1 4.19.0+0'

test_takes_the_newest_kernel_that_is_wanted() {
    . "$tests/../newest.sh"
    PATH=/usr/bin:/bin # it is used where images are built, and busybox sorts other versions
    printf '%s\n' "$NAMES" > lines
    while read -r wanted others; do
        # shellcheck disable=SC2086  # a list of words
        expect "$wanted" "$(printf '%s\n' $others "$wanted" | newest)"
        # shellcheck disable=SC2086
        expect "$wanted" "$(printf '%s\n' "$wanted" $others | newest)"
    done < lines
    expect '' "$(printf '' | newest)"
    expect 6.1.0-rc1 "$(echo 6.1.0-rc1 | newest)"
}

# file systems as distributions lay them out: what is there, and the kernel that is taken
LAYOUTS='debian boot/vmlinuz-6.1.0-40-amd64 usr/lib/modules/6.1.0-40-amd64/kernel/ =boot/vmlinuz-6.1.0-40-amd64
ubuntu boot/vmlinuz-6.8.0-45-generic boot/vmlinuz-6.8.0-45-generic.efi.signed lib/modules/6.8.0-45-generic/kernel/ =boot/vmlinuz-6.8.0-45-generic
arch boot/vmlinuz-linux boot/vmlinuz-linux-lts usr/lib/modules/6.11.5-arch1-1/vmlinuz usr/lib/modules/6.11.5-arch1-1/kernel/ =usr/lib/modules/6.11.5-arch1-1/vmlinuz
fedora boot/loader/entries/x.conf usr/lib/modules/6.11.4-301.fc41.x86_64/vmlinuz usr/lib/modules/6.11.4-301.fc41.x86_64/kernel/ =usr/lib/modules/6.11.4-301.fc41.x86_64/vmlinuz
rhel boot/vmlinuz-0-rescue-0a boot/vmlinuz-5.14.0-427.el9.x86_64 usr/lib/modules/5.14.0-427.el9.x86_64/kernel/ =boot/vmlinuz-5.14.0-427.el9.x86_64
suse usr/lib/modules/6.4.0-150600.23-default/kernel/ usr/lib/modules/6.4.0-150600.23-default/vmlinuz boot/vmlinuz-6.4.0-150600.23-default=/usr/lib/modules/6.4.0-150600.23-default/vmlinuz =usr/lib/modules/6.4.0-150600.23-default/vmlinuz
removed boot/vmlinuz-6.1.0-9-amd64 lib/modules/6.1.0-9-amd64/kernel/ lib/modules/6.1.0-40-amd64/modules.softdep =boot/vmlinuz-6.1.0-9-amd64
unpacked boot/vmlinuz-6.1.0-40-amd64 =
uki boot/EFI/Linux/arch-linux.efi usr/lib/modules/6.11.5-arch1-1/kernel/ ='

test_finds_kernels_where_distributions_have_them() {
    . "$tests/../newest.sh"
    PATH=/usr/bin:/bin
    printf '%s\n' "$LAYOUTS" > lines
    while read -r name files; do
        for file in ${files% =*}; do
            case $file in
                =) continue ;;
                */) mkdir -p "$name/$file" ;;
                *=*)
                    mkdir -p "$name/$(dirname "${file%=*}")"
                    ln -s "${file#*=}" "$name/${file%=*}"
                    ;;
                *)
                    mkdir -p "$name/$(dirname "$file")"
                    : > "$name/$file"
                    ;;
            esac
        done
        version=$(kernels_in "$name" | newest)
        found=''
        [ -z "$version" ] || found=$(kernel_file "$name" "$version")
        wanted=${files##*=}
        expect "${wanted:+$name/$wanted}" "$found"
    done < lines
}

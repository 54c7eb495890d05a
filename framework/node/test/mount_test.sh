# shellcheck shell=dash

an_instruction() {
    printf '%s\n' do=mount environment=web1 hostname=web1 storage=nfs source=10.0.0.2:/export/web1 options=vers=3,tcp,nolock \
        "mode=${1:-rw}" > wanted
}

an_image() {
    mkdir -p root/run root/proc root/sbin root/etc root/usr/lib/systemd
    ln -s /lib/systemd/systemd root/sbin/init
    : > root/usr/lib/systemd/systemd
    fake timeout 'shift; exec "$@"'
    fake chroot
}

fake_mounts() {
    fake mount
    fake umount
    fake timeout 'shift; exec "$@"'
}

without() {
    grep -v "^$1=" wanted > wanted.less
    mv wanted.less wanted
}

test_mounts_a_private_image_read_write() {
    fake_mounts
    an_instruction rw
    check_instruction wanted
    mount_image
    expect "-t nfs -o rw,vers=3,tcp,nolock,addr=10.0.0.2 10.0.0.2:/export/web1 $ROOT" "$(cat mount.calls)"
}

test_puts_a_layer_in_memory_over_a_shared_image() {
    fake_mounts
    an_instruction overlay
    mkdir -p rw
    check_instruction wanted
    mount_image
    expect "-t nfs -o ro,vers=3,tcp,nolock,addr=10.0.0.2 10.0.0.2:/export/web1 $LOWER
-t tmpfs -o mode=0755,size=75% tmpfs $LAYER
-t overlay -o lowerdir=$LOWER,upperdir=$LAYER/upper,workdir=$LAYER/work overlay $ROOT" "$(cat mount.calls)"
}

test_says_why_a_mount_failed() {
    fake_mounts
    fake mount 'echo "mount: mounting x on y failed: Permission denied" >&2; exit 1'
    an_instruction rw
    check_instruction wanted
    expect_refusal mount_image
    expect_text 'cannot mount 10.0.0.2:/export/web1 over NFS .*Permission denied' refusal
}

test_refuses_instructions_that_it_cannot_carry_out() {
    for line in storage=iscsi source=nfs.example:/x source=10.0.0.2:x source= 'options=rw exec' 'options=$(x)' mode=ro; do
        an_instruction
        without "${line%%=*}"
        echo "$line" >> wanted
        expect_refusal check_instruction wanted
    done
}

test_accepts_an_image_of_debian() {
    an_image
    source=10.0.0.2:/export/web1
    check_image
}

test_refuses_an_image_without_systemd() {
    an_image
    rm root/usr/lib/systemd/systemd
    source=10.0.0.2:/export/web1
    expect_refusal check_image
    expect_text 'has no systemd' refusal
}

test_refuses_an_image_whose_programs_do_not_run_here() {
    source=10.0.0.2:/export/web1
    for why in 'Fatal glibc error: CPU does not support x86-64-v3' 'CPU ISA level is lower than required' 'FATAL: kernel too old' \
        "chroot: can't execute '/usr/lib/systemd/systemd': Exec format error" \
        'error while loading shared libraries: libsystemd-core-255.so: cannot open shared object file'; do
        an_image
        fake chroot "echo \"$why\" >&2; exit 127"
        expect_refusal check_image
        expect_text "programs of 10.0.0.2:/export/web1 do not run on this machine (.*): /usr/lib/systemd/systemd says: $why" refusal
        rm -r root
    done
    an_image
    check_image
    expect "$ROOT /usr/lib/systemd/systemd --version" "$(cat chroot.calls)"
    mkdir -p root/lib/systemd
    mv root/usr/lib/systemd/systemd root/lib/systemd/
    check_image
    expect_text '/lib/systemd/systemd --version$' chroot.calls
}

# links as distributions have them: Debian, Arch and Fedora (/sbin is a link, too), an alternative, a wrapper that starts systemd later
test_follows_init_inside_the_image() {
    source=10.0.0.2:/export/web1
    for link in /lib/systemd/systemd ../lib/systemd/systemd ../../usr/lib/systemd/systemd /etc/alternatives/init; do
        rm -rf root
        an_image
        ln -s usr/lib root/lib
        mkdir root/etc/alternatives
        ln -s ../../bin/init root/etc/alternatives/init
        mkdir root/bin
        ln -s /usr/lib/systemd/systemd root/bin/init
        ln -sf "$link" root/sbin/init
        check_image
    done
    rm -rf root
    an_image
    mv root/sbin root/usr/bin
    ln -s usr/bin root/sbin
    check_image
    rm root/sbin
    ln -s /usr/bin root/sbin
    check_image
    rm root/usr/bin/init
    printf '#!/bin/sh\nexec /lib/systemd/systemd\n' > root/usr/bin/init
    check_image
    echo the program > root/usr/lib/systemd/systemd
    ln -s usr/lib root/lib
    echo the program > root/usr/bin/init
    check_image
}

# systemd is often there beside it, for the libraries and tools of others
test_refuses_an_image_whose_init_is_no_systemd() {
    source=10.0.0.2:/export/web1
    for other in /bin/busybox ../bin/busybox /etc/alternatives/runit /lib/sysvinit/init; do
        rm -rf root
        an_image
        ln -sf "$other" root/sbin/init
        expect_refusal check_image
        expect_text 'and not systemd, which the client needs: install systemd-sysv' refusal
    done
    rm root/sbin/init
    printf 'sysvinit' > root/sbin/init
    expect_refusal check_image
    expect_text '/sbin/init of 10.0.0.2:/export/web1 is /sbin/init and not systemd' refusal
}

test_finds_where_paths_of_an_image_lead() {
    mkdir -p root/etc root/a/b
    ln -s /a/b root/etc/c
    ln -s ../../../../../etc root/a/b/up
    ln -s loop root/loop
    for pair in /etc/x=/etc/x /etc/c/d=/a/b/d /etc/c/up/c=/a/b /../..=/ /etc//./x=/etc/x /no/such=/no/such; do
        expect "${pair#*=}" "$(inside "${pair%=*}")"
    done
    inside /loop > loop # and ends
}

test_covers_files_that_are_links_inside_the_image() {
    mac=52:54:00:aa:00:01
    mkdir -p proc/sys/kernel root/run/qrm/etc root/etc
    fake_mounts
    echo src1 > root/etc/HOSTNAME
    ln -s HOSTNAME root/etc/hostname
    set_host_name web1
    expect "-o bind $ROOT/run/qrm/etc/hostname $ROOT/etc/HOSTNAME" "$(cat mount.calls)"
    ln -s /etc/fstab.real root/etc/fstab
    echo '/dev/sda2 none swap sw 0 0' > root/etc/fstab.real
    hide_local_disks
    expect_text "^-o bind $ROOT/run/qrm/etc/fstab $ROOT/etc/fstab.real$" mount.calls
}

# of Debian and Ubuntu; those of the others name no machine, or ask nss-myhostname
test_lets_the_name_of_the_source_lead_nowhere() {
    mac=52:54:00:aa:00:01
    mkdir -p proc/sys/kernel root/run/qrm/etc root/etc
    fake_mounts
    printf '127.0.0.1 localhost\n127.0.1.1\tsrc1.example src1\n127.0.1.10 x\n::1 localhost ip6-localhost\n10.0.0.5 src1\n' > root/etc/hosts
    set_host_name web1
    expect '127.0.0.1 localhost
127.0.1.1 web1
127.0.1.10 x
::1 localhost ip6-localhost
10.0.0.5 src1' "$(cat root/run/qrm/etc/hosts)"
    rm mount.calls
    printf '127.0.0.1 localhost localhost.localdomain\n::1 localhost\n' > root/etc/hosts
    set_host_name web1
    [ ! -e mount.calls ]
}

# what docker export and podman export leave of it
test_names_the_machine_itself_where_a_file_of_hosts_does_not() {
    mac=52:54:00:aa:00:01
    mkdir -p proc/sys/kernel root/run/qrm/etc root/etc
    fake_mounts
    for line in '# nothing' '10.0.0.5 localhosts' '127.0.1.2 x-localhost'; do
        printf '%s\n' "$line" > root/etc/hosts
        set_host_name web1
        expect "127.0.0.1 localhost
::1 localhost
$line" "$(cat root/run/qrm/etc/hosts)"
    done
}

test_refuses_an_image_without_init() {
    source=10.0.0.2:/export/web1
    an_image
    rm root/sbin/init
    expect_refusal check_image
    expect_text 'has no /sbin/init' refusal
    rmdir root/sbin
    expect_refusal check_image
}

test_refuses_a_boot_service_with_another_digest() {
    server=https://10.0.0.1:8443
    fake_wget 200 'something else'
    expect_refusal fetch_boot_service xen "$(printf '%064d' 0)" services/xen
    expect_text 'instead of 0000' refusal
    [ ! -e services/xen ]
}

test_unpacks_a_boot_service() {
    server=https://10.0.0.1:8443
    mkdir -p package/verbs
    echo x > package/verbs/list
    tar -czf package.tar.gz -C package .
    fake_wget 200
    cp package.tar.gz wget.answer
    echo "boot-service=xen,$(sha256sum < package.tar.gz | cut -d ' ' -f 1)" > wanted
    bring_boot_services wanted services
    expect x "$(cat services/xen/verbs/list)"
}

test_refuses_a_boot_service_that_would_leave_its_place() {
    echo "boot-service=../../etc,$(printf '%064d' 0)" > wanted
    expect_refusal bring_boot_services wanted services
}

test_hides_the_disks_of_the_system_that_an_image_was_copied_from() {
    fake_mounts
    an_image
    mkdir -p root/run/qrm/etc
    printf '%s\n' '# a comment' 'UUID=12 / ext4 errors=remount-ro 0 1' '/dev/sda2 none swap sw 0 0' 'LABEL=data /data ext4 defaults 0 2' \
        '10.0.0.2:/home /home nfs defaults 0 0' 'tmpfs /scratch tmpfs defaults 0 0' > root/etc/fstab
    hide_local_disks
    expect '# a comment
10.0.0.2:/home /home nfs defaults 0 0
tmpfs /scratch tmpfs defaults 0 0' "$(cat root/run/qrm/etc/fstab)"
    expect "-o bind $ROOT/run/qrm/etc/fstab $ROOT/etc/fstab" "$(cat mount.calls)"
}

# lines that are hidden, and lines that stay, as the storage type nfs has them for what it copies
test_hides_all_that_names_disks_and_nothing_else() {
    fake_mounts
    an_image
    mkdir -p root/run/qrm/etc
    printf '%s\n' '"LABEL=my data" /data xfs defaults 0 2' 'UUID=2 /.snapshots btrfs subvol=/@/.snapshots 0 0' 'ID=x /x ext4 defaults 0 0' \
        'tank/data /tank zfs defaults 0 0' '/swapfile none swap sw 0 0' 'ubi0:data /flash ubifs defaults 0 0' '/dev/a:/dev/b /pool bcachefs defaults 0 0' \
        '10.0.0.1:/r / nfs defaults 0 0' 'tmpfs /run tmpfs defaults,noexec,nosuid,nodev 0 0' 'tmpfs /run/ tmpfs noexec 0 0' \
        'none /var/run tmpfs size=10m,noexec 0 0' > hidden
    printf '%s\n' '/dev/sdd1 /iscsi ext4 defaults,_netdev 0 0' 'LABEL=san /san xfs _netdev,nofail 0 0' '/dev/gpfs0 /gpfs gpfs rw 0 0' \
        '/dev/rbd/pool/i /rbd xfs noauto 0 0' '/srv/data /export none bind 0 0' '/srv/a.iso /iso iso9660 loop 0 0' 'mon1,mon2:/ /ceph ceph _netdev 0 0' \
        'tmpfs /run/user/1 tmpfs defaults 0 0' 'tmpfs /runs tmpfs noexec 0 0' 'tmpfs /var/run/x tmpfs defaults 0 0' > stays
    cat hidden stays > root/etc/fstab
    printf 'a UUID=1 none luks\nb /srv/vault.img none luks\nc /dev/sdz - _netdev\n' > root/etc/crypttab
    hide_local_disks
    expect "$(cat stays)" "$(cat root/run/qrm/etc/fstab)"
    expect 'b /srv/vault.img none luks
c /dev/sdz - _netdev' "$(cat root/run/qrm/etc/crypttab)"
    undo_root
    expect_text "^-l $ROOT/etc/fstab$" umount.calls
    expect_text "^-l $ROOT/etc/crypttab$" umount.calls
}

test_keeps_all_network_services_of_images_off_the_boot_card() {
    fake_mounts
    an_image
    mac=52:54:00:aa:00:01 interface=eth0
    mkdir -p root/etc/sysconfig/network root/etc/sysconfig/network-scripts root/etc/systemd/network
    for place in network network-scripts; do echo BOOTPROTO=dhcp > "root/etc/sysconfig/$place/ifcfg-eth0"; done
    echo BOOTPROTO=dhcp > root/etc/sysconfig/network/ifcfg-eth1
    printf 'hostname\ninterface eth1\nnoipv6\n' > root/etc/dhcpcd.conf
    protect_boot_card
    for place in network network-scripts; do
        expect_text '^STARTMODE=off$' "root/run/qrm/etc/sysconfig/$place/ifcfg-eth0"
        expect_text "^-o bind $ROOT/run/qrm/etc/sysconfig/$place/ifcfg-eth0 $ROOT/etc/sysconfig/$place/ifcfg-eth0$" mount.calls
    done
    expect 3 "$(wc -l < mount.calls | tr -d ' ')"
    expect 'denyinterfaces eth0' "$(head -n 1 root/run/qrm/etc/dhcpcd.conf)"
    expect_text '^managed=0$' root/run/NetworkManager/conf.d/qrm.conf
    # those of an image that would come first
    for name in 00-default.network 0.network -a.network 10-x.network eth0.network; do : > "root/run/systemd/network/$name"; done
    set -- root/run/systemd/network/*.network
    expect root/run/systemd/network/+qrm.network "$(printf '%s\n' "$@" | sort | head -n 1)"
}

test_switches_selinux_off_where_files_have_no_labels() {
    fake_mounts
    an_image
    mkdir -p root/etc/selinux
    mode=rw
    printf '# comment\nSELINUX=enforcing\nSELINUXTYPE=targeted\n' > root/etc/selinux/config
    options=vers=3,tcp,nolock
    switch_selinux_off
    expect '# comment
SELINUX=disabled
SELINUXTYPE=targeted' "$(cat root/run/qrm/etc/selinux/config)"
    rm -f mount.calls
    options=vers=4.2
    switch_selinux_off
    options=vers=3
    echo SELINUX=disabled > root/etc/selinux/config
    switch_selinux_off
    rm root/etc/selinux/config
    switch_selinux_off
    [ ! -e mount.calls ]
}

# a policy that only warns relabels all and restarts, again and again where the image is not written to; the word may be in any case
test_switches_selinux_off_whatever_it_would_do() {
    fake_mounts
    an_image
    mkdir -p root/etc/selinux
    options=vers=3 mode=rw
    : > root/.autorelabel
    for line in SELINUX=permissive SELINUX=Permissive SELINUX=ENFORCING SELINUX=Enforcing 'SELINUX=enforcing # by us'; do
        rm -f mount.calls
        echo "$line" > root/etc/selinux/config
        switch_selinux_off
        expect SELINUX=disabled "$(cat root/run/qrm/etc/selinux/config)"
        expect_text "$ROOT/etc/selinux/config$" mount.calls
    done
    [ -e root/.autorelabel ]
    mode=overlay options=vers=4.2
    switch_selinux_off
    [ ! -e root/.autorelabel ]
}

test_lets_nobody_ask_at_the_console() {
    an_image
    ask_nobody
    for unit in systemd-firstboot systemd-homed-firstboot initial-setup jeos-firstboot YaST2-Firstboot oem-config; do
        expect /dev/null "$(readlink "root/run/systemd/system/$unit.service")"
    done
}

test_waits_for_no_other_card_than_that_which_it_booted_from() {
    fake_mounts
    an_image
    mac=52:54:00:aa:00:01 interface=eth0
    protect_boot_card
    # netplan's own file is 10-netplan.conf, in the same directory
    directory=root/run/systemd/system/systemd-networkd-wait-online.service.d
    : > "$directory/10-netplan.conf"
    set -- "$directory"/*.conf
    expect "$directory/qrm.conf" "$2"
    expect '[Service]
ExecStart=
ExecStart=/run/qrm/bin/true' "$(cat "$directory/qrm.conf")"
    cmp "$directory/qrm.conf" root/run/systemd/system/systemd-networkd-wait-online@eth0.service.d/qrm.conf
}

test_keeps_connman_off_the_boot_card() {
    fake_mounts
    an_image
    mac=52:54:00:aa:00:01 interface=eth0
    mkdir root/etc/connman
    for given in '# NetworkInterfaceBlacklist = vmnet=vmnet,vboxnet,virbr,ifb,ve-,vb-' 'NetworkInterfaceBlacklist=wlan,docker=wlan,docker' \
        '  NetworkInterfaceBlacklist = ve=ve' 'PreferredTechnologies=wifi=vmnet,vboxnet,virbr,ifb,ve-,vb-'; do
        printf '[General]\n%s\n[Other]\na=b\n' "${given%=*}" > root/etc/connman/main.conf
        protect_boot_card
        expect "NetworkInterfaceBlacklist=eth0,${given##*=}" "$(grep '^ *NetworkInterfaceBlacklist' root/run/qrm/etc/connman/main.conf)"
        expect '[General]' "$(grep -B 1 '^NetworkInterfaceBlacklist' root/run/qrm/etc/connman/main.conf | head -n 1)"
    done
    expect_text "^-o bind $ROOT/run/qrm/etc/connman/main.conf $ROOT/etc/connman/main.conf$" mount.calls
}

test_offers_name_servers_to_those_who_make_resolv_conf_while_they_run() {
    printf 'search a.example b.example\nnameserver 10.0.0.1\nnameserver 10.0.0.2\n' > qrm/etc/resolv.conf
    for link in /run/NetworkManager/resolv.conf ../run/resolvconf/resolv.conf /var/run/netconfig/resolv.conf ../run/systemd/resolve/stub-resolv.conf \
        /run/../etc/shadow /etc/resolv.static; do
        rm -rf root
        an_image
        ln -s "$link" root/etc/resolv.conf
        offer_name_servers
        expect '[Resolve]
DNS=10.0.0.1 10.0.0.2
Domains=a.example b.example' "$(cat root/run/systemd/resolved.conf.d/qrm.conf)"
        case $link in
            */NetworkManager/* | */resolvconf/* | */netconfig/*) cmp -s qrm/etc/resolv.conf "root/run/${link#*run/}" ;;
            *) expect root/run/systemd/resolved.conf.d/qrm.conf "$(find root/run -type f)" ;;
        esac
    done
    rm -rf root
    an_image
    echo 'nameserver 9.9.9.9' > root/etc/resolv.conf
    offer_name_servers
    expect 'nameserver 9.9.9.9' "$(cat root/etc/resolv.conf)"
    : > qrm/etc/resolv.conf
    rm -rf root/run
    offer_name_servers
    [ ! -e root/run ]
}

# The file that is left by docker export is empty, and debootstrap copies that of the storage server, whose systemd-resolved the image has not.
# file, and whether it is covered with the lease's
test_offers_name_servers_where_a_file_of_the_image_leads_to_none() {
    printf 'nameserver 10.0.0.1\n' > qrm/etc/resolv.conf
    fake_mounts
    for line in yes= 'yes=# made by docker' 'yes=search site.example' 'yes=nameserver 127.0.0.53' 'yes=nameserver   127.0.0.54' 'yes=nameserver' \
        'no=nameserver 10.9.9.9' 'no=  nameserver 127.0.0.1' 'no=nameserver 2001:db8::1' 'no=nameserver ::1'; do
        rm -rf root mount.calls
        an_image
        printf '%s\noptions edns0\n' "${line#*=}" > root/etc/resolv.conf
        offer_name_servers
        case $line in
            yes*)
                expect "-o bind $ROOT/run/qrm/etc/resolv.conf $ROOT/etc/resolv.conf" "$(cat mount.calls)"
                expect 'nameserver 10.0.0.1' "$(cat root/run/qrm/etc/resolv.conf)"
                ;;
            *) [ ! -e mount.calls ] ;;
        esac
    done
    rm -rf root mount.calls
    an_image
    : > root/usr/lib/systemd/systemd-resolved
    echo 'nameserver 127.0.0.53' > root/etc/resolv.conf
    offer_name_servers
    [ ! -e mount.calls ]
    # by more than one link, as resolvconf of older Debian has it
    rm -rf root
    an_image
    mkdir root/etc/resolvconf
    ln -s /run/resolvconf root/etc/resolvconf/run
    ln -s /etc/resolvconf/run/resolv.conf root/etc/resolv.conf
    offer_name_servers
    expect 'nameserver 10.0.0.1' "$(cat root/run/resolvconf/resolv.conf)"
    rm -rf root
    an_image
    ln -s /nowhere/resolv.conf root/etc/resolv.conf
    offer_name_servers
    [ ! -e mount.calls ]
}

test_leaves_an_fstab_without_local_disks_alone() {
    fake_mounts
    an_image
    mkdir -p root/run/qrm/etc
    echo 'tmpfs /scratch tmpfs defaults 0 0' > root/etc/fstab
    hide_local_disks
    [ ! -e mount.calls ]
}

test_lets_serial_logins_start_where_there_is_no_udev() {
    an_image
    mkdir -p root/usr/lib/systemd/system root/run/systemd/system
    printf '[Unit]\nBindsTo=dev-%%i.device\nAfter=dev-%%i.device getty-pre.target\n' > root/usr/lib/systemd/system/serial-getty@.service
    free_serial_consoles
    expect '[Unit]
After= getty-pre.target' "$(cat root/run/systemd/system/serial-getty@.service)"
}

test_leaves_serial_logins_alone_where_there_is_udev() {
    an_image
    mkdir -p root/usr/lib/systemd/system root/run/systemd/system
    : > root/usr/lib/systemd/systemd-udevd
    : > root/usr/lib/systemd/system/serial-getty@.service
    free_serial_consoles
    [ ! -e root/run/systemd/system/serial-getty@.service ]
}

test_gives_the_machine_the_nearest_host_name_and_says_so() {
    mac=52:54:00:aa:00:01
    mkdir -p proc/sys/kernel root/run/qrm/etc
    fake_mounts
    for pair in db_01=db-01 a_=a x..y=x.y a_.b=a.b a.-b=a.b -a=a 'a b=a-b' web1=web1 a.b-c.D=a.b-c.D localhost=node-525400aa0001 \
        localhost.localdomain=node-525400aa0001 ___=node-525400aa0001 =node-525400aa0001 12=node-525400aa0001 10.0.0.1=node-525400aa0001 \
        "$(printf '%064d' 0)=node-525400aa0001" '$(reboot)=reboot' 0x7f.1=node-525400aa0001 0XCAFE=node-525400aa0001 web.1=web.1 0x=0x db.LocalHost=node-525400aa0001 \
        localhost6=node-525400aa0001 ip6-loopback=node-525400aa0001 localhost5=localhost5; do
        set_host_name "${pair%=*}" 2>> said
        expect "${pair#*=}" "$(cat proc/sys/kernel/hostname)"
        expect "${pair#*=}" "$(cat root/run/qrm/etc/hostname)"
    done
    expect_text "the name 'db_01' of this machine is no host name; it is called db-01 here" said
    ! grep -q "'web1'" said
}

test_hands_secret_arguments_on_to_root_alone() {
    an_instruction
    printf '%s\n' 'argument=db.pw=hunter2 = "ä" $(x) \end' argument=api=key >> wanted
    umask 022
    bring_arguments wanted arguments
    expect 'db.pw=hunter2 = "ä" $(x) \end
api=key' "$(cat arguments)"
    expect 600 "$(stat -c %a arguments)"
    an_instruction
    bring_arguments wanted arguments
    expect '' "$(cat arguments)"
}

test_refuses_an_argument_without_a_name_and_does_not_repeat_it() {
    for line in hunter2 =hunter2 'a b=hunter2' a= ; do
        an_instruction
        echo "argument=$line" >> wanted
        expect_refusal bring_arguments wanted arguments
        expect '' "$(grep hunter2 refusal)"
    done
}

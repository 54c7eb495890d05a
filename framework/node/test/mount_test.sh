# shellcheck shell=dash

an_instruction() {
    printf '%s\n' do=mount environment=web1 hostname=web1 storage=nfs source=10.0.0.2:/export/web1 options=vers=3,tcp,nolock \
        "mode=${1:-rw}" > wanted
}

an_image() {
    mkdir -p root/run root/proc root/sbin root/etc root/usr/lib/systemd
    ln -s /lib/systemd/systemd root/sbin/init
    : > root/usr/lib/systemd/systemd
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
        "$(printf '%064d' 0)=node-525400aa0001" '$(reboot)=reboot'; do
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

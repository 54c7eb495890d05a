# shellcheck shell=dash

test_fetches_kernel_initrd_and_arguments() {
    fetch_boot "$MAC"
    expect 'kernel initrd' "$(cat "$kernel" "$ramdisk" | tr '\n' ' ' | sed 's/ $//')"
    expect 'console=tty0 qrm.token=abc console=hvc0' "$arguments"
}

test_keeps_the_blanks_quotes_and_dollars_of_an_argument() {
    configuration_of loader=linux kernel=/boot/images/idle/vmlinuz 'argument="dyndbg=file x.c +p"' 'argument=memmap=4G$0x1'
    fetch_boot "$MAC"
    expect '"dyndbg=file x.c +p" memmap=4G$0x1 console=hvc0' "$arguments"
    expect '"\"dyndbg=file x.c +p\" memmap=4G$0x1 console=hvc0"' "$(quoted "$arguments")"
}

test_fetches_nothing_that_it_has() {
    fetch_boot "$MAC"
    first=$kernel
    rm sent
    fetch_boot "$MAC"
    expect "www/node/v1/boot-configurations/$MAC" "$(cat sent)"
    expect "$first" "$kernel"
}

test_fetches_a_file_that_has_changed() {
    fetch_boot "$MAC"
    first=$kernel
    echo newer > www/boot/images/idle/vmlinuz
    configuration_of loader=linux kernel=/boot/images/idle/vmlinuz
    fetch_boot "$MAC"
    expect newer "$(cat "$kernel")"
    [ "$first" != "$kernel" ]
}

test_fetches_again_what_somebody_removed() {
    fetch_boot "$MAC"
    rm "$kernel"
    fetch_boot "$MAC"
    expect kernel "$(cat "$kernel")"
}

test_joins_initrds_at_multiples_of_four_bytes() {
    printf abcde > www/boot/images/idle/initrd.img
    printf fgh > www/boot/images/idle/more
    configuration_of loader=linux kernel=/boot/images/idle/vmlinuz initrd=/boot/images/idle/initrd.img initrd=/boot/images/idle/more
    fetch_boot "$MAC"
    expect 'abcde...fgh.' "$(tr '\0' . < "$ramdisk")"
}

test_does_without_an_initrd() {
    configuration_of loader=linux kernel=/boot/images/idle/vmlinuz
    fetch_boot "$MAC"
    expect '' "$ramdisk"
}

test_refuses_what_a_partition_cannot_boot() {
    configuration_of loader=local
    expect_refusal fetch_boot "$MAC"
    expect_text 'a partition has none' refusal
    configuration_of image=Xen_kernel_1_0 loader=multiboot hypervisor=/boot/images/x/xen kernel=/boot/images/x/vmlinuz
    expect_refusal fetch_boot "$MAC"
    expect_text 'Xen_kernel_1_0 is for machines' refusal
    configuration_of loader=grub
    expect_refusal fetch_boot "$MAC"
}

test_refuses_files_from_elsewhere() {
    for path in /etc/passwd /boot/images/../../etc/passwd /boot/images/idle /boot/images/a/b/c '/boot/images/idle/$(x)' http://evil/x ''; do
        configuration_of loader=linux "kernel=$path"
        expect_refusal fetch_boot "$MAC"
        expect_text 'which is not /boot/images' refusal
    done
}

test_refuses_what_is_not_in_the_grammar() {
    configuration_of '<html>not found</html>'
    expect_refusal fetch_boot "$MAC"
    expect_text 'not in the grammar' refusal
}

test_refuses_a_command_line_that_xen_would_cut() {
    configuration_of loader=linux kernel=/boot/images/idle/vmlinuz "argument=a=$(head -c 1010 /dev/zero | tr '\0' x)"
    expect_refusal fetch_boot "$MAC"
    expect_text 'Xen passes 1023' refusal
}

test_says_what_the_server_says() {
    rm "www/node/v1/boot-configurations/$MAC"
    expect_refusal fetch_boot "$MAC"
    expect_text "cannot fetch https://10.0.0.1:8443/node/v1/boot-configurations/$MAC: .*404: Not Found" refusal
}

test_keeps_nothing_of_a_file_that_is_too_large() {
    head -c 100000 /dev/zero > www/boot/images/idle/vmlinuz
    FILE_LIMIT=10
    expect_refusal fetch_boot "$MAC"
    expect_text 'larger than 10 KiB' refusal
    expect '' "$(ls "$BOOT_FILES")"
}

test_forgets_files_that_no_partition_names() {
    fetch_boot "$MAC"
    mkdir -p "$DIRECTORY"
    echo "kernel = \"$kernel\"" > "$DIRECTORY/$MAC.xen"
    forget_unused_files
    [ -f "$kernel" ] && [ ! -e "$ramdisk" ]
}

test_refuses_a_kernel_and_an_initrd_that_were_changed_on_their_way() {
    for file in vmlinuz initrd.img; do
        rm -f "$BOOT_FILES"/*
        cp "www/boot/images/idle/$file" untouched
        echo 'of somebody in between' > "www/boot/images/idle/$file"
        expect_refusal fetch_boot "$MAC"
        expect_text "/boot/images/idle/$file came with the digest .* instead of .*nothing is booted from it" refusal
        ! grep -rqF 'of somebody in between' "$BOOT_FILES"
        mv untouched "www/boot/images/idle/$file"
        fetch_boot "$MAC"
    done
}

test_refuses_a_kept_file_that_was_changed_since() {
    fetch_boot "$MAC"
    echo changed > "$kernel"
    fetch_boot "$MAC"
    expect kernel "$(cat "$kernel")"
}

test_refuses_a_file_of_which_the_server_says_no_digest() {
    printf '%s\n' loader=linux kernel=/boot/images/idle/vmlinuz > "www/node/v1/boot-configurations/$MAC"
    expect_refusal fetch_boot "$MAC"
    expect_text 'no digest of /boot/images/idle/vmlinuz' refusal
}

# shellcheck shell=dash

start() {
    settings "$@" > given
    start_partition "$MAC" < given 2> progress
}

test_starts_a_partition_with_what_the_server_says() {
    start cpu-mhz=700
    expect 'running 1 700 256 ' "$(shown)"
    expect_text '^extra = "console=tty0 qrm.token=abc console=hvc0"$' "$DIRECTORY/$MAC.xen"
    expect_text '^cap = 35$' "$DIRECTORY/$MAC.xen"
    expect_text 'creating the domain' progress
}

test_leaves_alone_what_runs_already() {
    start
    rm xl.calls
    start
    expect 0 "$(grep -c create xl.calls || :)"
}

test_starts_what_is_paused() {
    start
    pause_partition "$MAC"
    start
    expect 'running 1 0 256 ' "$(shown)"
}

test_clears_away_what_an_interrupted_start_left() {
    start
    xl pause 9
    record "$MAC" starting
    start
    expect_text '^destroy 9' xl.calls
    expect 'running 1 0 256 ' "$(shown)"
}

test_says_why_xl_did_not_create() {
    mkdir -p "$DIRECTORY"
    echo 'libxl: error: not enough memory' > create.fails
    settings > given
    expect_refusal start_partition "$MAC" < given
    expect_text 'xl create failed: libxl: error: not enough memory' refusal
    expect 'stopped 1 0 256 xl create failed: libxl: error: not enough memory' "$(shown)"
}

test_says_why_the_server_was_of_no_help() {
    rm "www/node/v1/boot-configurations/$MAC"
    settings > given
    expect_refusal start_partition "$MAC" < given
    shown > shown
    expect_text '^stopped 1 0 256 cannot fetch .*404' shown
}

test_refuses_types_that_the_host_does_not_offer() {
    settings type=hvm > given
    expect_refusal start_partition "$MAC" < given
    expect_text 'cannot run partitions of the type hvm, only pv,pvh' refusal
}

test_refuses_a_speed_limit_where_nothing_can_limit() {
    sed -i 's/credit2/null/' info
    settings cpu-mhz=700 > given
    expect_refusal start_partition "$MAC" < given
    expect_text 'the scheduler null cannot limit' refusal
    start cpu-mhz=0
}

test_refuses_more_memory_than_is_free() {
    settings memory-mb=3001 > given
    expect_refusal start_partition "$MAC" < given
    expect_text 'is to have 3001 MiB of memory; 3000 MiB are free' refusal
    start memory-mb=3000
}

test_shuts_down_and_clears_away() {
    start
    stop_partition "$MAC"
    expect 'stopped 1 0 256 ' "$(shown)"
    expect 'shutdown 9 destroy 9' "$(grep -e shutdown -e destroy xl.calls | tr '\n' ' ' | sed 's/ $//')"
}

test_destroys_what_does_not_shut_down() {
    start
    : > deaf
    stop_partition "$MAC" 2> said
    expect_text 'did not shut down within 3 s' said
    expect 'stopped 1 0 256 ' "$(shown)"
}

test_destroys_what_cannot_be_asked() {
    start
    echo 'no such feature' > shutdown.fails
    stop_partition "$MAC" 2> said
    expect_text 'cannot be asked to shut down: no such feature' said
    expect 'stopped 1 0 256 ' "$(shown)"
}

test_stops_at_once_by_force() {
    start
    stop_partition "$MAC" force
    expect 0 "$(grep -c shutdown xl.calls || :)"
    expect 'stopped 1 0 256 ' "$(shown)"
}

test_stops_what_is_stopped_or_was_never_there() {
    stop_partition "$MAC"
    start
    stop_partition "$MAC" force
    stop_partition "$MAC"
    expect 'stopped 1 0 256 ' "$(shown)"
}

test_pauses_and_resumes_once() {
    start
    pause_partition "$MAC"
    pause_partition "$MAC"
    expect 'paused 1 0 256 ' "$(shown)"
    resume_partition "$MAC"
    resume_partition "$MAC"
    expect 'running 1 0 256 ' "$(shown)"
    expect '1 1' "$(grep -c '^pause' xl.calls) $(grep -c '^unpause' xl.calls)"
}

test_refuses_to_pause_what_does_not_run() {
    start
    stop_partition "$MAC" force
    expect_refusal pause_partition "$MAC"
    expect_refusal resume_partition "$MAC"
    rm -r "$DIRECTORY"
    expect_refusal pause_partition "$MAC"
}

change() {
    settings "$@" > given
    change_partition "$MAC" < given
}

test_changes_at_once_what_runs() {
    start cpus=2
    rm xl.calls
    change cpus=1 memory-mb=200 cpu-mhz=500 pinned-cpus=1
    expect 'mem-set 9 200m
vcpu-pin 9 all 1
vcpu-set 9 1
sched-credit2 -d 9 -c 25' "$(grep -v -e list -e info xl.calls)"
    expect 'running 1 500 200 ' "$(shown)"
}

test_adapts_the_limit_to_another_number_of_processors() {
    start cpus=2 cpu-mhz=500
    change cpus=1 cpu-mhz=500
    expect_text 'sched-credit2 -d 9 -c 25' xl.calls
}

test_changes_nothing_when_nothing_is_different() {
    start
    rm xl.calls
    change
    expect 0 "$(grep -c -v -e list xl.calls || :)"
}

test_refuses_with_the_words_of_xl_and_notes_what_was_done() {
    start cpus=2
    echo 'not enough processors' > vcpu-set.fails
    settings cpus=4 memory-mb=200 > given
    expect_refusal change_partition "$MAC" < given
    expect_text 'cannot give .* 4 processors while it runs: not enough processors' refusal
    expect 'running 2 0 200 ' "$(shown)"
}

test_refuses_another_name_or_type_while_it_runs() {
    start
    settings name=other > given
    expect_refusal change_partition "$MAC" < given
    settings type=pvh > given
    expect_refusal change_partition "$MAC" < given
}

test_changes_what_is_stopped_for_its_next_start() {
    start
    stop_partition "$MAC" force
    change memory-mb=512
    expect 'stopped 1 0 512 ' "$(shown)"
}

test_removes_without_a_trace() {
    start
    echo hello > "$CONSOLES/guest-p1.log"
    remove_partition "$MAC"
    expect '0 r----- 00000000-0000-0000-0000-000000000000 -' "$(cat domains)"
    expect "" "$(find "$PARTITIONS" "$CONSOLES" -mindepth 1)"
    expect "" "$(find "$BOOT_FILES" -name "*-*")"
    remove_partition "$MAC"
}

test_tells_what_the_host_has() {
    start
    expect 'xen-version=4.17.5
boot-id=this-boot
cpus=4
cpu-mhz=2000
memory-mb=4096
memory-free-mb=3000
memory-reserved-mb=832
overhead-mb=8
types=pv,pvh
bridge=xenbr0' "$(show_info)"
}

test_offers_hvm_where_the_image_has_a_device_model() {
    mkdir -p image/usr/lib/xen-4.17/bin
    : > image/usr/lib/xen-4.17/bin/xl
    : > image/usr/lib/xen-4.17/bin/qemu-system-i386
    chmod +x image/usr/lib/xen-4.17/bin/*
    find_tools
    cp fake/xl image/usr/lib/xen-4.17/bin/xl
    expect pv,pvh,hvm "$(types)"
}

test_offers_only_pv_where_the_processors_do_not_help() {
    sed -i 's/ hvm.*//' info
    expect pv "$(types)"
}

test_the_program_refuses_what_it_does_not_know() {
    program=$(sed "s,^#!.*,,; s,\$QRM/lib/qrm/,$tests/../../../../framework/node/src/lib/," "$tests/../src/qrm-xen-manage" |
        sed "s,\"\${QRM_SERVICE:-\$QRM/services/xen}/lib/,\"$tests/../src/lib/,")
    for words in '' nonsense list\ x start 'start 00:16:3E:00:00:01' 'start ../../etc' "stop $MAC now" "console $MAC 0" "console $MAC 9999999" \
        "info; reboot"; do
        # shellcheck disable=SC2086  # words are wanted
        expect_refusal sh -c "$program" qrm-xen-manage $words
        expect_text '^qrm-xen: ' refusal
    done
}

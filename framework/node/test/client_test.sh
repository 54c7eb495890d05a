# shellcheck shell=dash
. "$tests/../src/lib/client.sh"

a_booted_image() {
    server=https://10.0.0.1:8443 resource=r1 interval=10
    state=starting error='' failures=0 leaving='' started='' next_report=0 retry_at=0
    IMAGE_PATH=$PATH
    echo '100.00 90.00' > proc/uptime
    echo '0.12 0 0 1/1 1' > proc/loadavg
    echo 'MemAvailable: 524288 kB' > proc/meminfo
    mkdir -p qrm/services
    : > qrm/multi-user
    fake timeout 'shift; exec "$@"'
    start_guard() { echo "guard $1" >> guards; }
}

a_boot_service() {
    mkdir -p "qrm/services/$1"
    printf '%s\n' '#!/bin/sh' "$2" > "qrm/services/$1/start"
    chmod +x "qrm/services/$1/start"
}

test_is_active_only_at_multi_user_target() {
    a_booted_image
    rm qrm/multi-user
    come_up
    expect starting "$state"
    : > qrm/multi-user
    come_up 2> /dev/null
    expect active "$state"
}

test_starts_boot_services_before_it_is_active() {
    a_booted_image
    a_boot_service xen "echo xen > '$PWD/running'"
    come_up 2> /dev/null
    expect 'active xen' "$state $(cat running)"
}

test_is_not_active_when_a_boot_service_fails() {
    a_booted_image
    a_boot_service xen 'echo no /proc/xen; exit 1'
    come_up 2> /dev/null
    expect 'starting the boot service xen did not start: no /proc/xen' "$state $error"
}

test_does_not_start_a_boot_service_twice() {
    a_booted_image
    a_boot_service a "echo a >> '$PWD/running'"
    a_boot_service b 'exit 1'
    come_up 2> /dev/null
    a_boot_service b "echo b >> '$PWD/running'"
    retry_at=0
    come_up 2> /dev/null
    expect 'active a b' "$state $(tr '\n' ' ' < running | sed 's/ $//')"
}

test_restarts_a_machine_that_is_refused_its_own_root() {
    a_booted_image
    mkdir -p qrm/tmp qrm/bin proc/self
    ln -s "$tests/../target/client/bin/busybox" qrm/bin/busybox
    : > proc/sysrq-trigger
    DENIED_LIMIT=3
    guard_root
    guard_root # once for each boot
    sleep 5
    expect '' "$(cat proc/sysrq-trigger)"
    rmdir proc/self
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ ! -s proc/sysrq-trigger ] || break
        sleep 1
    done
    : > qrm/stopping
    expect b "$(head -n 1 proc/sysrq-trigger)"
}

test_asks_systemd_once_to_restart() {
    a_booted_image
    fake systemctl
    obey reboot 2> /dev/null
    obey reboot 2> /dev/null
    expect '--no-block reboot' "$(cat systemctl.calls)"
    expect 'guard b' "$(cat guards)"
}

test_switches_off() {
    a_booted_image
    fake systemctl
    obey power-off 2> /dev/null
    expect '--no-block poweroff' "$(cat systemctl.calls)"
    expect 'guard o' "$(cat guards)"
}

test_ignores_what_only_the_initrd_can_do() {
    a_booted_image
    fake systemctl
    obey idle
    obey mount
    obey continue
    obey ''
    [ ! -e systemctl.calls ]
}

test_says_goodbye_when_the_machine_goes_down() {
    a_booted_image
    fake systemctl 'echo stopping; exit 1'
    fake_wget 200 do=continue
    say_goodbye
    expect_text '^state=stopping$' request.body
}

test_says_nothing_when_only_its_service_is_restarted() {
    a_booted_image
    fake systemctl 'echo running'
    fake_wget 200 do=continue
    say_goodbye
    [ ! -e request.body ] && [ ! -e qrm/stopping ]
}

test_reports_no_more_after_goodbye() {
    a_booted_image
    : > qrm/stopping
    fake_wget 200 do=continue
    live
    [ ! -e request.body ]
}

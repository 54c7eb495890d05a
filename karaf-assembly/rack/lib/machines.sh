# shellcheck shell=bash
# The machines: QEMU processes that are told nothing but to boot from the network.

OVMF=/usr/share/OVMF

machine_mac() { # MACHINE CARD
    local vendors=(aa bb cc dd)
    printf '52:54:00:%s:%02x:%02x' "${vendors[$2 - 1]}" $(($1 / 256)) $(($1 % 256))
}

machine_dir() { printf '%s/machines/%s' "$RACK_DIR" "$1"; }

machine_log() { printf '%s/machine-%s.log' "$RACK_LOGS" "$1"; }

machine_set() { # MACHINE MEMORY CPUS FIRMWARE
    local dir
    dir=$(machine_dir "$1")
    mkdir -p "$dir"
    echo "$2" >"$dir/memory"
    echo "$3" >"$dir/cpus"
    echo "$4" >"$dir/firmware"
}

require_machine() {
    local count
    count=$(file_line "$RACK_DIR/machines/count")
    if ! is_number "$1" || [ "$1" -lt 1 ] || [ "$1" -gt "$count" ]; then
        misuse "no machine '$1': this rack has 1 to $count"
    fi
}

# Fills the array qemu. Under TCG a Xen dom0 crashes with SMAP, PKU and the like, hence the long -cpu.
machine_command() { # MACHINE
    local machine=$1 dir card cards firmware model=e1000
    dir=$(machine_dir "$machine")
    cards=$(file_line "$RACK_DIR/machines/cards")
    qemu=(qemu-system-x86_64 -name "$RACK_NAME-$machine" -daemonize -pidfile "$dir/qemu.pid"
        -machine q35 -smp "$(file_line "$dir/cpus")" -m "$(file_line "$dir/memory")"
        -uuid "$(printf '52540000-7172-4d00-8000-%012x' "$machine")"
        -smbios "type=1,manufacturer=QEMU,product=Virtual rack,serial=$RACK_NAME-$machine"
        -display none -boot "order=n,reboot-timeout=5000"
        -chardev "socket,id=console,path=$dir/console.sock,server=on,wait=off,logfile=$(machine_log "$machine"),logappend=on"
        -serial chardev:console -monitor "unix:$dir/monitor.sock,server=on,wait=off")
    case $RACK_ACCEL in
        kvm) qemu+=(-accel kvm -cpu host) ;;
        tcg) qemu+=(-accel "tcg,thread=multi" -cpu "max,-smap,-smep,-pku,-pks,-la57,-xsave") ;;
    esac
    firmware=$(file_line "$dir/firmware")
    [ "$firmware" = bios ] || machine_firmware "$dir" "$firmware"
    # They are empty, unless somebody has put a loader there: into the first sector of "sata", or the folder "esp" of the system partition
    # the firmware of QEMU looks at no disk that it is not told to start from
    [ ! -d "$dir/esp" ] || qemu+=(-drive "if=none,id=esp,format=raw,file=fat:rw:$dir/esp" -device "ide-hd,drive=esp,bootindex=2")
    if [ "$firmware" = bios ]; then
        truncate -s 8G "$dir/nvme"
        truncate -s 16G "$dir/sata"
        qemu+=(-drive "if=none,id=nvme,format=raw,file=$dir/nvme" -device "nvme,drive=nvme,serial=$RACK_NAME-$machine-nvme"
            -drive "if=none,id=sata,format=raw,file=$dir/sata" -device "ide-hd,drive=sata,model=Rack disk,serial=$RACK_NAME-$machine-sata")
    fi
    for ((card = 1; card <= cards; card++)); do
        qemu+=(-netdev "tap,id=n$card,ifname=$(tap_name "$machine" "$card"),script=no,downscript=no")
        if [ "$card" = 1 ]; then
            qemu+=(-device "$model,netdev=n$card,mac=$(machine_mac "$machine" "$card"),bootindex=1")
        else
            qemu+=(-device "e1000,netdev=n$card,mac=$(machine_mac "$machine" "$card"),romfile=")
        fi
    done
}

# Adds the firmware of a UEFI machine to the array qemu, and sets $model to a card that it boots from: with Secure Boot it takes no driver out
# of a card's ROM that nobody has signed, and has one of its own for virtio.
machine_firmware() { # DIR uefi|http|secure|secure-http
    local signed=''
    case $2 in secure*) signed=.ms ;; esac
    [ -e "$OVMF/OVMF_CODE_4M$signed.fd" ] || fail "the UEFI firmware is missing: install ovmf"
    # of each kind its own: they remember what was booted
    local variables=$1/vars.$2.fd
    [ -e "$variables" ] || cp "$OVMF/OVMF_VARS_4M$signed.fd" "$variables"
    qemu+=(-drive "if=pflash,format=raw,readonly=on,file=$OVMF/OVMF_CODE_4M$signed.fd"
        -drive "if=pflash,format=raw,file=$variables")
    [ "$2" = uefi ] || model=virtio-net-pci,romfile=
    # its variables are written in system management mode only
    [ -z "$signed" ] || qemu+=(-machine smm=on -global "driver=cfi.pflash01,property=secure,value=on" -global ICH9-LPC.disable_s3=1)
    case $2 in
        *http) qemu+=(-fw_cfg "name=opt/org.tianocore/IPv4PXESupport,string=n" -fw_cfg "name=opt/org.tianocore/IPv6PXESupport,string=n") ;;
    esac
}

# The PID of the machine's QEMU, as the rack counts, when it runs.
machine_pid() { # MACHINE
    local pid
    pid=$(file_line "$(machine_dir "$1")/qemu.pid")
    [ -n "$pid" ] && [ "$(in_server cat "/proc/$pid/comm" 2>/dev/null)" = qemu-system-x86 ] && echo "$pid"
}

machine_is_on() { machine_pid "$1" >/dev/null; }

machine_is_off() { ! machine_is_on "$1"; }

machine_on() { # MACHINE
    local qemu
    machine_is_off "$1" || return 0
    machine_command "$1"
    # Marks in the log where this boot begins
    printf '\n=== rack: power on %s\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" >>"$(machine_log "$1")"
    in_server "${qemu[@]}" </dev/null >>"$RACK_LOGS/qemu-$1.log" 2>&1 ||
        fail "machine $1 does not start: $(tail -n 3 "$RACK_LOGS/qemu-$1.log")"
}

machine_off() { # MACHINE
    local pid
    if pid=$(machine_pid "$1"); then
        in_server kill -KILL "$pid" 2>/dev/null || true
        wait_until 60 machine_is_off "$1" || fail "machine $1: QEMU, process $pid of the rack, does not end"
    fi
}

machine_reset() { # MACHINE
    machine_is_on "$1" || fail "machine $1 is off: there is nothing to reset"
    machine_monitor "$1" system_reset >/dev/null
}

# A short press of the power button (ACPI): what runs there shuts down, or does not.
machine_soft() { # MACHINE
    machine_is_on "$1" || fail "machine $1 is off: nothing there would hear its button"
    machine_monitor "$1" system_powerdown >/dev/null
}

machine_monitor() { # MACHINE COMMAND
    echo "$2" | socat - "UNIX-CONNECT:$(machine_dir "$1")/monitor.sock"
}

rack_power() { # on|off|soft|cycle|reset|status MACHINE [--memory MB] [--cpus C] [--firmware KIND]
    [ $# -ge 2 ] || misuse "power needs: on|off|soft|cycle|reset|status MACHINE"
    local action=$1 machine=$2
    shift 2
    require_rack
    require_machine "$machine"
    configure_machine "$machine" "$@"
    exec 8<"$(machine_dir "$machine")"
    flock 8
    case $action in
        on) machine_on "$machine" 8<&- ;;
        off) machine_off "$machine" ;;
        cycle) machine_off "$machine" && machine_on "$machine" 8<&- ;;
        reset) machine_reset "$machine" ;;
        soft) machine_soft "$machine" ;;
        status) if machine_is_on "$machine"; then echo on; else echo off; fi ;;
        *) misuse "power cannot '$action': on, off, soft, cycle, reset or status" ;;
    esac
}

configure_machine() { # MACHINE [--memory MB] [--cpus C] [--firmware KIND]
    local machine=$1 dir memory cpus firmware
    shift
    dir=$(machine_dir "$machine")
    memory=$(file_line "$dir/memory")
    cpus=$(file_line "$dir/cpus")
    firmware=$(file_line "$dir/firmware")
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || misuse "$1 needs a value"
        case $1 in
            --memory) memory=$2 && require_number "$1" "$2" 64 65536 ;;
            --cpus) cpus=$2 && require_number "$1" "$2" 1 16 ;;
            --firmware)
                firmware=$2
                case $2 in bios | uefi | http | secure | secure-http) ;; *) misuse "--firmware is bios, uefi, http, secure or secure-http" ;; esac
                ;;
            *) misuse "power does not know '$1'" ;;
        esac
        shift 2
    done
    machine_set "$machine" "$memory" "$cpus" "$firmware"
}

# The line of the log at which the last boot begins
machine_boot_line() { # MACHINE
    grep -n '^=== rack: power on ' "$(machine_log "$1")" 2>/dev/null | tail -n 1 | cut -d: -f1
}

rack_console() { # MACHINE [-f|--all|--interactive]
    [ $# -ge 1 ] || misuse "console needs: MACHINE [-f|--all|--interactive]"
    require_rack
    require_machine "$1"
    local log first
    log=$(machine_log "$1")
    first=$(machine_boot_line "$1") || true
    touch "$log"
    case ${2:-} in
        '') tail -n "+${first:-1}" "$log" ;;
        --all) cat "$log" ;;
        -f) exec tail -n "+${first:-1}" -f "$log" ;;
        --interactive)
            machine_is_on "$1" || fail "machine $1 is off: it has no console"
            exec socat -,raw,echo=0,escape=0x1d "UNIX-CONNECT:$(machine_dir "$1")/console.sock"
            ;;
        *) misuse "console does not know '$2'" ;;
    esac
}

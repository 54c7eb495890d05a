# shellcheck shell=bash
# Baseboard management controllers: an ipmi_sim for a machine, in the server's network, with an address of its own. Its machine's
# power is that of QEMU.

BMC_USER=qrm

rack_bmc() { # MACHINE
    [ $# -eq 1 ] || misuse "bmc needs: MACHINE"
    require_rack
    require_machine "$1"
    command -v ipmi_sim ipmitool >/dev/null || fail "ipmi_sim or ipmitool is missing: install openipmi and ipmitool"
    local machine=$1 dir address password
    dir=$(machine_dir "$machine")/bmc
    address=$RACK_NETWORK.$((20 + machine))
    password=$dir/password
    mkdir -p "$dir/state"
    # not the machine's own: the BMC asks for its power meanwhile
    exec 8<"$dir"
    flock 8
    if [ ! -e "$password" ]; then
        (umask 077 && od -An -N8 -tx1 /dev/urandom | tr -d ' \n' >"$password")
        (umask 077 && bmc_configuration "$machine" "$address" "$(cat "$password")" >"$dir/lan.conf")
        printf '%s\n' 'mc_setbmc 0x20' 'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr' 'mc_enable 0x20' >"$dir/bmc.emu"
    fi
    if ! bmc_answers "$address" "$password"; then
        in_server ip address replace "$address/$RACK_PREFIX" dev "$RACK_BRIDGE"
        in_server setsid --fork ipmi_sim -c "$dir/lan.conf" -f "$dir/bmc.emu" -s "$dir/state" -n </dev/null >>"$RACK_LOGS/bmc-$machine.log" 2>&1 8<&-
        wait_until 60 bmc_answers "$address" "$password" || fail "the BMC of machine $machine does not answer: $(tail -n 1 "$RACK_LOGS/bmc-$machine.log")"
    fi
    printf 'address=%s\nuser=%s\npassword-file=%s\n' "$address" "$BMC_USER" "$password"
}

bmc_answers() { # ADDRESS PASSWORD-FILE
    in_server ipmitool -I lanplus -C 3 -R 1 -N 1 -L OPERATOR -H "$1" -U "$BMC_USER" -f "$2" chassis power status >/dev/null 2>&1
}

# ipmi_lan(5)
bmc_configuration() { # MACHINE ADDRESS PASSWORD
    cat <<EOF
name "$RACK_NAME-$1"
set_working_mc 0x20
  startlan 1
    addr $2 623
    priv_limit admin
    allowed_auths_operator md5
    allowed_auths_admin md5
    guid $(printf '%032x' "$1")
  endlan
  chassis_control "$RACK_HOME/libexec/rack-chassis $1"
  user 1 false "" "" user 10 md5
  user 2 true "$BMC_USER" "$3" operator 10 md5
EOF
}

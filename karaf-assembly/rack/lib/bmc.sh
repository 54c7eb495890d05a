# shellcheck shell=bash
# Baseboard management controllers: an ipmi_sim or a Redfish service for a machine, in the server's network, with an address of its own.
# Its machine's power is that of QEMU.

BMC_USER=qrm

rack_bmc() { # MACHINE [--redfish]
    [ $# -ge 1 ] || misuse "bmc needs: MACHINE [--redfish]"
    local machine=$1 protocol=ipmi dir address password
    case ${2:-} in
        '') ;;
        --redfish) protocol=redfish ;;
        *) misuse "bmc does not know '$2'" ;;
    esac
    require_rack
    require_machine "$machine"
    "bmc_require_$protocol"
    dir=$(machine_dir "$machine")/bmc
    address=$RACK_NETWORK.$((20 + machine))
    password=$dir/password
    mkdir -p "$dir/state"
    # not the machine's own: the BMC asks for its power meanwhile
    exec 8<"$dir"
    flock 8
    [ -e "$password" ] || (umask 077 && od -An -N8 -tx1 /dev/urandom | tr -d ' \n' >"$password")
    in_server ip address replace "$address/$RACK_PREFIX" dev "$RACK_BRIDGE"
    if ! "bmc_${protocol}_answers" "$dir" "$address"; then
        "bmc_${protocol}_start" "$machine" "$dir" "$address" </dev/null >>"$RACK_LOGS/bmc-$machine.log" 2>&1 8<&-
        wait_until 60 "bmc_${protocol}_answers" "$dir" "$address" ||
            fail "the BMC of machine $machine does not answer: $(tail -n 1 "$RACK_LOGS/bmc-$machine.log")"
    fi
    printf 'address=%s\nuser=%s\npassword-file=%s\n' "$address" "$BMC_USER" "$password"
    [ "$protocol" = ipmi ] || printf 'fingerprint=%s\n' "$(openssl x509 -in "$dir/certificate.pem" -noout -fingerprint -sha256 | cut -d= -f2)"
}

# --- IPMI 2.0

bmc_require_ipmi() {
    command -v ipmi_sim ipmitool >/dev/null || fail "ipmi_sim or ipmitool is missing: install openipmi and ipmitool"
}

bmc_ipmi_start() { # MACHINE DIRECTORY ADDRESS
    (umask 077 && bmc_configuration "$1" "$3" "$(cat "$2/password")" >"$2/lan.conf")
    printf '%s\n' 'mc_setbmc 0x20' 'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr' 'mc_enable 0x20' >"$2/bmc.emu"
    in_server setsid --fork ipmi_sim -c "$2/lan.conf" -f "$2/bmc.emu" -s "$2/state" -n
}

bmc_ipmi_answers() { # DIRECTORY ADDRESS
    in_server ipmitool -I lanplus -C 3 -R 1 -N 1 -L OPERATOR -H "$2" -U "$BMC_USER" -f "$1/password" chassis power status >/dev/null 2>&1
}

# ipmi_lan(5)
bmc_configuration() { # MACHINE ADDRESS PASSWORD
    cat <<END
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
END
}

# --- Redfish

bmc_require_redfish() {
    command -v python3 openssl curl >/dev/null || fail "python3, openssl or curl is missing: install them"
}

bmc_redfish_start() { # MACHINE DIRECTORY ADDRESS
    [ -e "$2/certificate.pem" ] || bmc_certificate "$1" "$2/certificate.pem" "$3"
    # shellcheck disable=SC2016 # for the shell over there
    in_server setsid --fork sh -c 'echo $$ >"$0" && exec "$@"' "$2/redfish.pid" \
        "$RACK_HOME/libexec/rack-redfish" "$1" "$3" "$BMC_USER" "$2/password" "$2/certificate.pem"
}

# with its key, and signed by itself
bmc_certificate() { # MACHINE FILE ADDRESS
    (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=bmc-$1" \
        -addext "subjectAltName=IP:$3" -keyout "$2.key" -out "$2.new" && cat "$2.key" >>"$2.new")
    rm "$2.key"
    mv "$2.new" "$2"
}

bmc_redfish_answers() { # DIRECTORY ADDRESS
    [ -e "$1/certificate.pem" ] && in_server curl -sf -o /dev/null --max-time 10 --cacert "$1/certificate.pem" "https://$2/redfish/v1/"
}

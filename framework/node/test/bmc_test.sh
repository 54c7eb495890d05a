# shellcheck shell=dash
# a BMC in files: what state it is in, whether there is something to be read, what it was asked and what it answers

# structure TYPE LENGTH OCTET...: of SMBIOS, padded with zeros, without strings; one octet a line
structure() {
    printf '%s\n' "$@"
    padding=$(($2 - $#))
    while [ "$padding" -gt 0 ]; do
        echo 0
        padding=$((padding - 1))
    done
    printf '0\n0\n'
}

# type, length, handle, interface, version, address on the bus, storage, eight octets of the base address
ipmi_device() {
    structure 38 18 0 38 "$1" 32 32 255 "$2" "$3" "$4" 0 0 0 0 0 "$5"
}

tables() {
    printf '0\n6\n0\n0\n1\n2\n66\n73\n79\n83\n0\n49\n0\n0\n' # with two texts
    structure 1 27 1 0 0 0 0 0
    "$@"
    structure 127 4 255 254
}

test_finds_the_ports_of_the_interface() {
    expect '3234 3235' "$(tables ipmi_device 1 163 12 0 0 | kcs_ports)"
    expect '3240 3244' "$(tables ipmi_device 1 169 12 0 64 | kcs_ports)"
    expect '3234 3250' "$(tables ipmi_device 1 163 12 0 128 | kcs_ports)"
    expect '3235 3236' "$(tables ipmi_device 1 163 12 0 16 | kcs_ports)"
    expect '3234 3235' "$(tables structure 38 16 0 38 1 32 32 255 163 12 | kcs_ports)"
}

test_finds_no_ports_where_there_are_none() {
    expect '' "$(tables true | kcs_ports)"
    expect '' "$(tables ipmi_device 2 163 12 0 0 | kcs_ports)" # SMIC
    expect '' "$(tables ipmi_device 3 229 0 0 0 | kcs_ports)"  # BT
    expect '' "$(tables ipmi_device 4 32 0 0 0 | kcs_ports)"   # SSIF
    expect '' "$(tables ipmi_device 1 162 12 0 0 | kcs_ports)" # in memory
    expect '' "$(tables ipmi_device 1 163 12 1 0 | kcs_ports)" # beyond what ports there are
    expect '' "$(tables ipmi_device 1 97 0 0 0 | kcs_ports)"   # of the board itself
    expect '' "$(printf '38\n18\n0\n38\n1\n' | kcs_ports)"
    expect '' "$(printf '0\n0\n0\n0\n0\n0\n' | kcs_ports)"
    expect '' "$(printf '9\n200\n' | kcs_ports)"
    expect '' "$(: | kcs_ports)"
}

# a_bmc LINE...: what it answers, by what it is asked, as octets
a_bmc() {
    mkdir -p bmc sys/firmware/dmi/tables
    : > dev/port
    # shellcheck disable=SC2059  # an octet
    tables ipmi_device 1 163 12 0 0 | while read -r octet; do printf "\\$(printf %03o "$octet")"; done > sys/firmware/dmi/tables/DMI
    echo 0 > bmc/state
    echo 0 > bmc/full
    : > bmc/out
    printf '%s\n' "$@" > bmc/answers
    port_read() { bmc_read "$1"; }
    port_write() { bmc_write "$1" "$2"; }
}

bmc_read() {
    [ ! -e bmc/nobody ] || { echo 255; return; }
    if [ "$1" = 3235 ]; then
        [ ! -e bmc/busy ] || { echo 2; return; }
        echo $(($(cat bmc/state) * 64 + $(cat bmc/full)))
    else
        cut -d ' ' -f 1 bmc/out | grep . || echo 0
        echo 0 > bmc/full
    fi
}

bmc_write() {
    echo "$1 $2" >> bmc/written
    case $1,$2,$(cat bmc/state) in
        3235,96,*) echo 4 > bmc/aborting; echo 2 > bmc/state ;;
        3235,97,*) : > bmc/in; rm -f bmc/ending; echo 2 > bmc/state ;;
        3235,98,2) : > bmc/ending ;;
        3234,104,1)
            cut -s -d ' ' -f 2- bmc/out > bmc/rest
            mv bmc/rest bmc/out
            [ -s bmc/out ] || echo 0 > bmc/state
            echo 1 > bmc/full
            ;;
        3234,*,2)
            if [ -e bmc/aborting ]; then
                rm bmc/aborting
                bmc_answers 1
                return
            fi
            echo "$2" >> bmc/in
            [ ! -e bmc/ending ] || bmc_asked "$(tr '\n' ' ' < bmc/in)"
            ;;
        *) echo 3 > bmc/state ;;
    esac
}

bmc_asked() {
    sed -n "s/^$1: //p" bmc/answers | grep . > bmc/found || echo '52 2 193' > bmc/found
    if grep -qx error bmc/found; then echo 3 > bmc/state; else bmc_answers "$(cat bmc/found)"; fi
}

bmc_answers() {
    echo "$1" > bmc/out
    echo 1 > bmc/state
    echo 1 > bmc/full
}

test_asks_the_bmc_for_its_address() {
    a_bmc '48 2 1 3 0 0 : 52 2 0 17 10 9 0 1'
    expect 10.9.0.1 "$(bmc_address)"
    expect 0 "$(cat bmc/state)"
    a_bmc '48 2 1 3 0 0 : 52 2 0 17 0 0 0 0' '48 2 8 3 0 0 : 52 2 0 17 192 168 255 120'
    expect 192.168.255.120 "$(bmc_address)"
    a_bmc '48 2 1 3 0 0 : 52 2 204' '48 2 3 3 0 0 : 52 2 0 17 10 0 0 3'
    expect 10.0.0.3 "$(bmc_address)"
}

test_has_no_address_where_the_bmc_tells_none() {
    a_bmc ''
    expect '' "$(bmc_address)"
    a_bmc '48 2 1 3 0 0 : 52 2 0 17 10 9 0' '48 2 2 3 0 0 : 28 2 0 17 10 9 0 1'
    expect '' "$(bmc_address)"
}

test_gives_up_a_bmc_that_is_broken_and_leaves_it_idle() {
    a_bmc '48 2 1 3 0 0 : error'
    expect '' "$(bmc_address)"
    expect_text '^3235 96$' bmc/written
    expect 0 "$(cat bmc/state)"
    a_bmc "48 2 1 3 0 0 : 52 2 0 17$(printf ' 9%.0s' $(seq 60))"
    expect '' "$(bmc_address)"
}

test_gives_up_a_bmc_that_is_busy_for_ever_or_not_there() {
    fake sleep
    a_bmc ''
    : > bmc/busy
    expect '' "$(bmc_address)"
    a_bmc ''
    : > bmc/nobody
    expect '' "$(bmc_address)"
}

test_leaves_the_interface_to_a_driver_of_the_kernel() {
    a_bmc '48 2 1 3 0 0 : 52 2 0 17 10 9 0 1'
    mkdir -p sys/bus/platform/drivers/ipmi_si
    expect '' "$(bmc_address)"
    expect '' "$(cat bmc/written 2> /dev/null)"
}

test_reads_and_writes_ports_at_their_places() {
    printf 'abcdef' > dev/port
    expect 99 "$(port_read 2)"
    port_write 4 0
    expect '97 98 99 100 0 102 ' "$(hexdump -v -e '1/1 "%u "' dev/port)"
    expect_refusal port_read 6
}

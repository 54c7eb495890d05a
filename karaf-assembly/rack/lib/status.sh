# shellcheck shell=bash
# What is running, for people and for programs.

rack_status() { # [-o json]
    check_settings
    case "$*" in
        '') status_text ;;
        '-o json') status_json ;;
        *) misuse "status takes nothing, or -o json" ;;
    esac
}

status_text() {
    rack_is_up || {
        echo "rack '$RACK_NAME' is not running"
        exit 3
    }
    local machine count
    count=$(file_line "$RACK_DIR/machines/count")
    printf "rack '%s' in %s, server address %s\n" "$RACK_NAME" "$RACK_DIR" "$RACK_SERVER_ADDRESS"
    for ((machine = 1; machine <= count; machine++)); do
        printf 'machine %-2d %-3s  %s  %s MB  %s\n' "$machine" "$(machine_power "$machine")" "$(machine_mac "$machine" 1)" \
            "$(file_line "$(machine_dir "$machine")/memory")" "$(machine_log "$machine")"
    done
    [ -e "$RACK_DIR/hosts/wanted" ] || return 0
    printf 'storage    ssh root@%s, NFS on %s, /export is %s/storage/export\n' "$RACK_STORAGE_MANAGEMENT_ADDRESS" \
        "$RACK_STORAGE_ADDRESS" "$RACK_DIR"
    printf 'source     ssh root@%s\n' "$RACK_SOURCE_ADDRESS"
}

machine_power() { if machine_is_on "$1"; then echo on; else echo off; fi; }

# Nothing in here needs escaping but the paths, and those come from the environment of the same user.
status_json() {
    rack_is_up || {
        printf '{"name":"%s","up":false}\n' "$RACK_NAME"
        exit 3
    }
    printf '{"name":"%s","up":true,"dir":%s,"logs":%s,"serverAddress":"%s","machines":[' "$RACK_NAME" \
        "$(json_string "$RACK_DIR")" "$(json_string "$RACK_LOGS")" "$RACK_SERVER_ADDRESS"
    local machine count separator=''
    count=$(file_line "$RACK_DIR/machines/count")
    for ((machine = 1; machine <= count; machine++)); do
        printf '%s' "$separator"
        machine_json "$machine"
        separator=,
    done
    printf '],"hosts":['
    [ ! -e "$RACK_DIR/hosts/wanted" ] || hosts_json
    printf ']}\n'
}

hosts_json() {
    printf '{"name":"storage","address":"%s","managementAddress":"%s","hostKey":"%s","export":%s},' "$RACK_STORAGE_ADDRESS" \
        "$RACK_STORAGE_MANAGEMENT_ADDRESS" "$(host_key storage)" "$(json_string "$RACK_DIR/storage/export")"
    printf '{"name":"source","address":"%s","managementAddress":"%s","hostKey":"%s"}' "$RACK_SOURCE_ADDRESS" \
        "$RACK_SOURCE_ADDRESS" "$(host_key source)"
}

host_key() { # NAME: algorithm and key, without the comment
    cut -d' ' -f1,2 "$RACK_DIR/hosts/$1/run/ssh_host_ecdsa_key.pub"
}

machine_json() { # MACHINE
    local dir card cards macs=''
    dir=$(machine_dir "$1")
    cards=$(file_line "$RACK_DIR/machines/cards")
    for ((card = 1; card <= cards; card++)); do macs+="${macs:+,}\"$(machine_mac "$1" "$card")\""; done
    printf '{"machine":%d,"power":"%s","macs":[%s],"memoryMb":%d,"cpus":%d,"console":%s}' "$1" "$(machine_power "$1")" \
        "$macs" "$(file_line "$dir/memory")" "$(file_line "$dir/cpus")" "$(json_string "$(machine_log "$1")")"
}

json_string() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

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
        return 3
    }
    local machine count
    count=$(file_line "$RACK_DIR/machines/count")
    printf "rack '%s' in %s, server address %s\n" "$RACK_NAME" "$RACK_DIR" "$RACK_SERVER_ADDRESS"
    for ((machine = 1; machine <= count; machine++)); do
        printf 'machine %d  %-3s  %s  %s MB  %s\n' "$machine" "$(machine_power "$machine")" "$(machine_mac "$machine" 1)" \
            "$(file_line "$(machine_dir "$machine")/memory")" "$(machine_log "$machine")"
    done
}

machine_power() { if machine_is_on "$1"; then echo on; else echo off; fi; }

# Nothing in here needs escaping but the paths, and those come from the environment of the same user.
status_json() {
    rack_is_up || {
        printf '{"name":"%s","up":false}\n' "$RACK_NAME"
        return 3
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
    printf ']}\n'
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

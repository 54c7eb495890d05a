package org.qrm.plugin.xen.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qrm.api.exec.CommandResult;
import org.qrm.testkit.FakeCommands;

/** What qrm-xen-manage does on a host of 4096 MiB, as node/src/lib/partitions.sh has it, without a hypervisor. */
final class PlayedHost implements FakeCommands.Far {

    private static final int MEMORY = 4096;
    private static final int RESERVED = 832;
    private static final int OVERHEAD = 8;

    /** A guest, and what it was given. */
    private static final class Guest {
        private String state = "stopped";
        private Map<String, String> given;

        private int memory() {
            return Integer.parseInt(given.get("memory-mb"));
        }
    }

    private final Map<String, Guest> guests = new TreeMap<>();
    private final Map<String, Integer> starts = new HashMap<>();

    synchronized int starts(String mac) {
        return starts.getOrDefault(mac, 0);
    }

    @Override
    public synchronized CommandResult run(List<String> words, String input) {
        if (!words.get(0).equals("xen/manage")) {
            return FakeCommands.failed(127, "no such verb");
        }
        return switch (words.get(1)) {
            case "info" -> FakeCommands.well(info());
            case "list" -> FakeCommands.well(list());
            case "start" -> start(words.get(2), input);
            case "stop" -> become(words.get(2), "stopped");
            case "pause" -> change(words.get(2), "running", "paused");
            case "resume" -> change(words.get(2), "paused", "running");
            case "change" -> change(words.get(2), input);
            case "remove" -> remove(words.get(2));
            case "console" -> FakeCommands.well(end("Debian GNU/Linux 12\nlogin: ", Integer.parseInt(words.get(3))));
            case "attach", "attachable", "type" -> require(words.get(2));
            default -> refused("there is no '" + words.get(1) + "'");
        };
    }

    private static CommandResult refused(String why) {
        return FakeCommands.failed(1, "qrm-xen: " + why);
    }

    private static String end(String text, int bytes) {
        return text.substring(Math.max(0, text.length() - bytes));
    }

    private int free() {
        return MEMORY
                - RESERVED
                - guests.values().stream()
                        .filter(guest -> !guest.state.equals("stopped"))
                        .mapToInt(guest -> guest.memory() + OVERHEAD)
                        .sum();
    }

    private String info() {
        return "cpus=4\ncpu-mhz=2000\nmemory-mb=" + MEMORY + "\nmemory-free-mb=" + free() + "\nmemory-reserved-mb="
                + RESERVED + "\noverhead-mb=" + OVERHEAD + "\n";
    }

    private String list() {
        List<String> lines = new ArrayList<>();
        guests.forEach((mac, guest) -> lines.add(String.join(
                " ",
                mac,
                guest.state,
                guest.given.get("cpus"),
                guest.given.get("cpu-mhz"),
                guest.given.get("memory-mb"))));
        return String.join("\n", lines);
    }

    private static Map<String, String> settings(String input) {
        Map<String, String> settings = new HashMap<>();
        input.lines().map(line -> line.split("=", 2)).forEach(pair -> settings.put(pair[0], pair[1]));
        return settings;
    }

    private CommandResult start(String mac, String input) {
        Guest guest = guests.computeIfAbsent(mac, any -> new Guest());
        if (guest.state.equals("stopped")) {
            guest.given = settings(input);
            if (guest.memory() > free()) {
                return refused(mac + " is to have " + guest.memory() + " MiB of memory; " + free() + " MiB are free");
            }
            starts.merge(mac, 1, Integer::sum);
        }
        guest.state = "running";
        return new CommandResult(0, "", "creating the domain of " + mac, false);
    }

    private CommandResult become(String mac, String state) {
        if (guests.containsKey(mac)) {
            guests.get(mac).state = state;
        }
        return FakeCommands.well("");
    }

    private CommandResult change(String mac, String from, String to) {
        Guest guest = guests.get(mac);
        if (guest == null || !List.of(from, to).contains(guest.state)) {
            return refused(mac + " does not run");
        }
        return become(mac, to);
    }

    private CommandResult change(String mac, String input) {
        if (guests.containsKey(mac)) {
            guests.get(mac).given = settings(input);
        }
        return require(mac);
    }

    private CommandResult remove(String mac) {
        guests.remove(mac);
        return FakeCommands.well("");
    }

    private CommandResult require(String mac) {
        return guests.containsKey(mac)
                ? FakeCommands.well("login: ")
                : refused("there is no partition " + mac + " here");
    }
}

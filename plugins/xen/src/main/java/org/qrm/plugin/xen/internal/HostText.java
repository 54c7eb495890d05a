package org.qrm.plugin.xen.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;

/** The texts that go to qrm-xen-manage and come from it: pure functions. What comes is untrusted. */
final class HostText {

    private static final Pattern SIGHTING = Pattern.compile("(?<mac>[0-9a-f]{2}(?::[0-9a-f]{2}){5})"
            + " (?<state>running|paused|stopped|crashed)"
            + " (?<cpus>[0-9]{1,3}) (?<mhz>[0-9]{1,6}) (?<memory>[0-9]{1,9})(?: (?<reason>.*))?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private HostText() {}

    /** What a host reads about a partition that it is to start or to change. */
    static String describe(Partition partition, String type) {
        return "name=" + partition.name() + "\n"
                + "cpus=" + partition.size().cpus() + "\n"
                + "cpu-mhz=" + partition.size().cpuMhz() + "\n"
                + "memory-mb=" + partition.size().memoryMb() + "\n"
                + "pinned-cpus=" + partition.pinnedCpus() + "\n"
                + "type=" + type + "\n";
    }

    /** Empty if a figure is missing. */
    static Optional<HostCapacity> capacity(String text) {
        Map<String, Integer> values = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] pair = line.split("=", 2);
            if (pair.length == 2 && NUMBER.matcher(pair[1]).matches()) {
                values.put(pair[0], Integer.parseInt(pair[1]));
            }
        }
        List<String> needed =
                List.of("cpus", "cpu-mhz", "memory-mb", "memory-reserved-mb", "memory-free-mb", "overhead-mb");
        if (!values.keySet().containsAll(needed)) {
            return Optional.empty();
        }
        return Optional.of(new HostCapacity(
                values.get("cpus"),
                values.get("cpu-mhz"),
                values.get("memory-mb"),
                values.get("memory-reserved-mb"),
                values.get("memory-free-mb"),
                values.get("overhead-mb")));
    }

    /** Empty if a line is not of the form that was agreed. */
    static Optional<List<PartitionSighting>> sightings(String text) {
        List<PartitionSighting> all = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher matcher = SIGHTING.matcher(line);
            if (matcher.matches()) {
                all.add(sighting(matcher));
            } else if (!line.isBlank()) {
                return Optional.empty();
            }
        }
        return Optional.of(all);
    }

    private static PartitionSighting sighting(Matcher line) {
        PartitionState state = switch (line.group("state")) {
            case "running" -> PartitionState.RUNNING;
            case "paused" -> PartitionState.PAUSED;
            case "stopped" -> PartitionState.STOPPED;
            default -> PartitionState.ERROR;
        };
        String reason = Optional.ofNullable(line.group("reason")).orElse("").replaceAll("\\p{Cc}", " ");
        if (state == PartitionState.ERROR && reason.isBlank()) {
            reason = "it crashed";
        }
        return new PartitionSighting(
                MacAddress.parse(line.group("mac")),
                state,
                new PartitionSize(
                        Integer.parseInt(line.group("cpus")),
                        Integer.parseInt(line.group("mhz")),
                        Long.parseLong(line.group("memory"))),
                state == PartitionState.ERROR ? reason.strip() : "");
    }
}

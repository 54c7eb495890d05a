package org.qrm.plugin.simulator.internal.machine;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Simulated machines in a process of their own: {@code java -jar org.qrm.plugin.simulator.jar http://SERVER:8080 …}. */
public final class Main {

    private static final Set<String> OPTIONS = Set.of(
            "count",
            "first",
            "cpus",
            "mhz",
            "memory",
            "nics",
            "speed",
            "over",
            "fault",
            "every",
            "seconds",
            "until",
            "load",
            "connections");
    private static final String USAGE = """
            usage: java -jar org.qrm.plugin.simulator.jar http://SERVER:PORT [option=value …]
              count=10      machines
              first=1       number of the first one; its MAC address follows from it
              cpus=4 mhz=2400 memory=8192 nics=2   hardware of each (memory in MiB)
              speed=1       2: they take half the time for everything
              over=1        seconds over which they are switched on
              fault=none    silent, never-boots, mount-error, slow, reuse-token
              every=5       seconds between lines of output
              seconds=0     stop after so long; 0: never
              until=idle    stop, with status 0, when all are in that phase (with seconds: else status 1)
              load=configurations        instead: fetch boot configurations as fast as the server answers (or: registrations)
              connections=8 seconds=10   on so many connections, for so long; with count, of no more machines
            """;

    private final Map<String, String> options = new HashMap<>();
    private final URI server;

    private Main(List<String> arguments) {
        if (arguments.isEmpty() || !arguments.get(0).startsWith("http://")) {
            throw new IllegalArgumentException("the first argument is the server's plain address");
        }
        server = URI.create(arguments.get(0));
        for (String argument : arguments.subList(1, arguments.size())) {
            int equals = argument.indexOf('=');
            if (equals < 0 || !OPTIONS.contains(argument.substring(0, equals))) {
                throw new IllegalArgumentException("there is no option '" + argument + "'");
            }
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Main main;
        try {
            main = new Main(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        System.exit(main.run());
    }

    private int run() throws InterruptedException {
        return options.containsKey("load") ? load().run() : machines();
    }

    private Load load() {
        String what = options.get("load");
        if (!what.equals("configurations") && !what.equals("registrations")) {
            throw new IllegalArgumentException("load is configurations or registrations");
        }
        Duration time = Duration.ofSeconds(number("seconds", 10));
        int first = number("first", 1);
        int last = options.containsKey("count") ? first + number("count", 0) - 1 : Integer.MAX_VALUE;
        return new Load(server, number("connections", 8), time, what.equals("registrations"), first, last);
    }

    private int machines() throws InterruptedException {
        try (SimulatedRack rack = new SimulatedRack(server)) {
            int first = number("first", 1);
            int count = number("count", 10);
            MachineProfile profile = profile();
            Fault fault = Fault.ofWord(options.getOrDefault("fault", "none"));
            for (int number = first; number < first + count; number++) {
                rack.machine(number, profile).fault(fault);
            }
            rack.add(first, count, profile, Duration.ofSeconds(number("over", 1)));
            return watch(rack, count);
        }
    }

    private MachineProfile profile() {
        return MachineProfile.DEFAULT
                .withHardware(number("cpus", 4), number("mhz", 2400), number("memory", 8192), number("nics", 2))
                .withSpeed(Double.parseDouble(options.getOrDefault("speed", "1")));
    }

    private int watch(SimulatedRack rack, int count) throws InterruptedException {
        long begin = System.nanoTime();
        long seconds = number("seconds", 0);
        Phase wanted = options.containsKey("until")
                ? Phase.valueOf(options.get("until").toUpperCase(Locale.ROOT))
                : null;
        long nextLine = 0;
        while (true) {
            double elapsed = (System.nanoTime() - begin) / 1e9;
            boolean reached = wanted != null && rack.phases().getOrDefault(wanted, 0) == count;
            boolean over = seconds > 0 && elapsed >= seconds;
            if (reached || over || elapsed >= nextLine) {
                nextLine += number("every", 5);
                print(rack, elapsed);
            }
            if (reached || over) {
                return reached || wanted == null ? 0 : 1;
            }
            Thread.sleep(50);
        }
    }

    private static void print(SimulatedRack rack, double elapsed) {
        Traffic traffic = rack.traffic();
        System.out.printf(
                "%.1f s %s configurations=%d registrations=%d reports=%d refusals=%d failures=%d%n",
                elapsed,
                rack.phases(),
                traffic.configurations(),
                traffic.registrations(),
                traffic.reports(),
                traffic.refusals(),
                traffic.failures());
        rack.statuses().stream()
                .filter(status -> !status.trouble().isEmpty())
                .findFirst()
                .ifPresent(status -> System.out.println("  " + status.mac() + ": " + status.trouble()));
    }

    private int number(String option, int otherwise) {
        return Integer.parseInt(options.getOrDefault(option, Integer.toString(otherwise)));
    }
}

package org.qrm.plugin.xen.internal;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Command;
import org.qrm.api.exec.CommandResult;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.resource.Resource;

/** One command of qrm-xen-manage on a host, through its qrm-execd. */
final class HostVerb {

    private static final String VERB = "xen/manage";
    private static final int UNKNOWN_VERB = 127;
    private static final int LINES_OF_REASON = 4;
    private static final int LONGEST_LINE = 300;
    private static final int MOST_OUTPUT = 2 * 1024 * 1024;

    private final RemoteCommands commands;
    private final Resource host;
    private final String attempted;

    /** @param attempted for messages: {@code start partition p1} */
    HostVerb(RemoteCommands commands, Resource host, String attempted) {
        this.commands = commands;
        this.host = host;
        this.attempted = attempted;
    }

    /** Runs it for a caller who waits; answers its output. */
    String ask(Duration limit, String... words) {
        return ask(limit, null, words);
    }

    /** @param input what it reads */
    void give(Duration limit, String input, String... words) {
        ask(limit, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), words);
    }

    private String ask(Duration limit, InputStream input, String... words) {
        return output(commands.runOnMachine(host.id(), new Command(words(words), input, limit, MOST_OUTPUT, null)));
    }

    /** Runs it as part of an operation, whose log gets what it says. */
    void tell(WorkContext work, Duration limit, String input, String... words) {
        work.checkpoint();
        Queue<String> said = new ConcurrentLinkedQueue<>();
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        try {
            output(commands.runOnMachine(
                    host.id(), new Command(words(words), in, shorter(limit, work), Command.DEFAULT_OUTPUT, said::add)));
        } finally {
            said.stream().filter(line -> !line.isBlank()).forEach(line -> work.log(host.name() + ": " + line));
        }
    }

    private String output(CommandResult result) {
        if (result.exitStatus() == 0 && !result.truncated()) {
            return result.output();
        }
        if (result.exitStatus() == UNKNOWN_VERB) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    attempted,
                    host.name(),
                    "the host has not got " + VERB + ": it was started without Xen's tools",
                    "Restart its virtual environment; the plug-in must be there then."));
        }
        throw QrmException.failed(
                attempted,
                host.name(),
                result.truncated() ? "it answered more than " + MOST_OUTPUT + " bytes" : reason(result),
                "",
                null);
    }

    /** The hypervisor's own words are in the last lines. */
    private static String reason(CommandResult result) {
        List<String> lines = new ArrayList<>();
        for (String line : result.error().split("\n")) {
            String plain = line.replaceAll("\\p{Cc}", " ").strip();
            if (!plain.isEmpty()) {
                lines.add(plain.length() > LONGEST_LINE ? plain.substring(0, LONGEST_LINE) + "…" : plain);
            }
        }
        if (lines.isEmpty()) {
            return "it ended with status " + result.exitStatus() + " and said nothing";
        }
        return String.join("; ", lines.subList(Math.max(0, lines.size() - LINES_OF_REASON), lines.size()));
    }

    QrmException garbled(String text) {
        return QrmException.failed(
                attempted,
                host.name(),
                "the host answered \"" + Name.printable(text) + "\", which makes no sense",
                "Restart its virtual environment with this version of the plug-in.",
                null);
    }

    /** A command of qrm-xen-manage as words for qrm-execd. */
    static List<String> words(String... words) {
        List<String> all = new ArrayList<>();
        all.add(VERB);
        all.addAll(List.of(words));
        return all;
    }

    private static Duration shorter(Duration limit, WorkContext work) {
        Duration left = Duration.between(Instant.now(), work.deadline());
        Duration least = Duration.ofSeconds(1);
        Duration most = left.compareTo(limit) < 0 ? left : limit;
        return most.compareTo(least) < 0 ? least : most;
    }
}

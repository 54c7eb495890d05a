package org.qrm.plugin.simulator.internal.machine;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.boot.BootConfiguration;
import org.qrm.api.boot.BootModule;
import org.qrm.api.image.Loader;
import org.qrm.api.node.BootOrder;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Nodes;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.resource.MacAddress;

/** A core for one machine: a test queues what it is told, and takes what it said. */
final class ScriptedCore implements Nodes {

    final BlockingQueue<Registration> registrations = new LinkedBlockingQueue<>();
    final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    final Map<String, byte[]> services = new HashMap<>();
    volatile String http;
    volatile String https;
    volatile String digest;
    volatile boolean local;
    private final Deque<Instruction> instructions = new ArrayDeque<>();
    private final Set<String> usedTokens = new HashSet<>();
    private CompletableFuture<Instruction> held = new CompletableFuture<>();
    private final Map<MacAddress, Integer> asked = new HashMap<>();
    private int tokens;

    /** Tells the machine at its next report, or now if one is held open. */
    synchronized void tell(Instruction instruction) {
        if (!held.complete(instruction)) {
            instructions.add(instruction);
        }
    }

    ScriptedCore() {
        held.complete(new Instruction.Continue());
    }

    @Override
    public void kernelFetched(MacAddress mac) {
        // nobody asks here how far it came
    }

    @Override
    public void unbootable(MacAddress mac, String why) {
        throw new AssertionError(mac + " can not boot: " + why);
    }

    @Override
    public BootOrder bootOrder(long resource, String nodeToken, MacAddress mac) {
        return bootOrder(mac);
    }

    /** How often that machine has asked what it boots. */
    synchronized int asked(MacAddress mac) {
        return asked.getOrDefault(mac, 0);
    }

    @Override
    public synchronized BootOrder bootOrder(MacAddress mac) {
        asked.merge(mac, 1, Integer::sum);
        if (local) {
            return new BootOrder(null, List.of());
        }
        BootModule kernel = new BootModule("vmlinuz", List.of("quiet"), true);
        BootModule initrd = new BootModule("initrd", List.of(), false);
        return new BootOrder(
                new BootConfiguration("default", Loader.LINUX, List.of(kernel, initrd)),
                List.of(
                        "qrm.server=" + https,
                        "qrm.http=" + http,
                        "qrm.ca=" + digest,
                        "qrm.mac=" + mac,
                        "qrm.token=token" + ++tokens,
                        "qrm.image=default"));
    }

    @Override
    public synchronized Registered register(Registration registration) {
        registrations.add(registration);
        if (!usedTokens.add(registration.token())) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAUTHENTICATED, "register", "", "the boot token was used before", "Restart."));
        }
        return new Registered(7, "node", "ecdsa-sha2-nistp256 AAAA", 1, new Instruction.Idle());
    }

    @Override
    public synchronized CompletionStage<Instruction> report(Report report, Duration hold) {
        reports.add(report);
        held = new CompletableFuture<>();
        if (!instructions.isEmpty()) {
            held.complete(instructions.remove());
        } else if (hold.isZero()) {
            held.complete(new Instruction.Continue());
        }
        return held;
    }

    @Override
    public InputStream bootService(long resource, String nodeToken, String plugin) {
        return new ByteArrayInputStream(services.get(plugin));
    }

    @Override
    public void refused(String from, String what) {
        throw new AssertionError(what);
    }
}

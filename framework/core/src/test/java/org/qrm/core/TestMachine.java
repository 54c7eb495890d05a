package org.qrm.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.qrm.api.node.BootOrder;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Nodes;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;

/** A machine that boots and obeys, without a network in between; runs on a thread of its own until it is switched off. */
public final class TestMachine implements AutoCloseable {

    private final Supplier<Nodes> server;
    private final MacAddress mac;
    private final String address;
    private final int cpus;
    private final long memoryMb;
    private final Thread thread;
    private volatile boolean on = true;
    private volatile Exception trouble;
    private volatile List<String> told = List.of();
    private volatile Registered registered;
    private volatile NodeState hangsIn = NodeState.ACTIVE;
    private volatile boolean loaderHangs;
    private volatile Map<String, String> details = Map.of();
    private volatile long lastSent;

    public TestMachine(Supplier<Nodes> server, int number, int cpus, long memoryMb) {
        this(
                server,
                new MacAddress(String.format(
                        "52:54:00:%02x:%02x:%02x", number / 65536 % 256, number / 256 % 256, number % 256)),
                "10.0." + (1 + number / 250) + "." + (1 + number % 250),
                cpus,
                memoryMb);
    }

    public TestMachine(Supplier<Nodes> server, MacAddress mac, String address, int cpus, long memoryMb) {
        this.server = server;
        this.mac = mac;
        this.address = address;
        this.cpus = cpus;
        this.memoryMb = memoryMb;
        this.thread = new Thread(this::live, "machine-" + mac);
        thread.setDaemon(true);
    }

    public TestMachine powerOn() {
        thread.start();
        return this;
    }

    public MacAddress mac() {
        return mac;
    }

    /** Whether it has power, or was never told to go down. */
    public boolean isOn() {
        return on;
    }

    /** Where it stays when it is to start an image. */
    public TestMachine hangsIn(NodeState state) {
        hangsIn = state;
        return this;
    }

    /** From its next boot on its boot loader asks what to boot, and does nothing more. */
    public TestMachine hangsInLoader() {
        loaderHangs = true;
        return this;
    }

    /** What it tells of itself besides its size. */
    public TestMachine with(Map<String, String> details) {
        this.details = details;
        return this;
    }

    /** When it sent its last report, in milliseconds. */
    public long lastSent() {
        return lastSent;
    }

    /** As what it registered last. */
    public Registered registered() {
        return registered;
    }

    /** Its last failure, or null. */
    public Exception trouble() {
        return trouble;
    }

    /** Says that a machine goes down, so that another boot of it is no surprise. */
    public static void goesDown(Nodes server, Registered machine) {
        Report goodbye = new Report(machine.resource(), machine.nodeToken(), NodeState.STOPPING, 0.1, 100, 1, "");
        server.report(goodbye, Duration.ZERO);
    }

    /** It runs no more, and has said so. */
    public void shutDown() {
        close();
        goesDown(server.get(), registered);
    }

    /** The secret arguments of its environment, as it was told. */
    public List<String> told() {
        return told;
    }

    /** What a boot loader would be told now. */
    public BootOrder bootOrder() {
        return server.get().bootOrder(mac);
    }

    public Registration registration() {
        BootOrder order = bootOrder();
        return registration(order, token(order));
    }

    public Registration registration(BootOrder order, String token) {
        return new Registration(
                token,
                UUID.randomUUID().toString(),
                mac,
                order.configuration().bootImage(),
                new Hardware(cpus, 2000, memoryMb, List.of(new NetworkCard(mac, "eth0", "e1000", 1000)), details),
                address,
                "ecdsa-sha2-nistp256 AAAA" + mac.value().replace(":", ""),
                8022);
    }

    public static String token(BootOrder order) {
        return order.networkParameters().stream()
                .filter(parameter -> parameter.startsWith("qrm.token="))
                .findFirst()
                .orElseThrow()
                .substring("qrm.token=".length());
    }

    @Override
    public void close() {
        on = false;
        try {
            // not interrupted: it may be in the embedded database, which would close its connection
            thread.join(10_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        while (on) {
            try {
                boot();
            } catch (InterruptedException off) {
                return;
            } catch (Exception failed) {
                trouble = failed;
                pause();
            }
        }
    }

    private void boot() throws Exception {
        if (loaderHangs) {
            bootOrder();
            while (on) {
                pause();
            }
            return;
        }
        registered = server.get().register(registration());
        NodeState state = NodeState.IDLE;
        Instruction next = registered.instruction();
        while (on) {
            if (next instanceof Instruction.Reboot) {
                return;
            }
            if (next instanceof Instruction.PowerOff) {
                on = false;
                return;
            }
            if (next instanceof Instruction.StartImage start) {
                told = start.secretArguments();
                state = hangsIn;
            }
            lastSent = System.currentTimeMillis();
            next = server.get()
                    .report(
                            new Report(registered.resource(), registered.nodeToken(), state, 0.1, 100, 1, ""),
                            Duration.ofMillis(300))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
}

package org.qrm.core.partition;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.qrm.api.QrmException;
import org.qrm.api.environment.Requirements;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.node.Nodes;
import org.qrm.api.operation.WorkContext;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSighting;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.core.TestMachine;

/** Hosts of 2048 MiB whose partitions are machines that boot and obey; 512 are the hosts' own, 8 each partition's. */
final class FakeHosts implements PartitionProvider, AutoCloseable {

    private final Supplier<Nodes> server;
    /** As a DHCP server remembers them. */
    private final Map<MacAddress, String> addresses = new ConcurrentHashMap<>();

    final Map<MacAddress, TestMachine> running = new ConcurrentHashMap<>();
    final Map<MacAddress, PartitionSighting> there = new ConcurrentHashMap<>();
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile Requirements needs = Requirements.NONE;
    volatile String refusal = "";
    /** Whether a partition that is stopped goes on running. */
    volatile boolean stubborn;
    /** What happens while the answer of {@link #list} is on its way. */
    volatile Runnable listed = () -> {};

    FakeHosts(Supplier<Nodes> server) {
        this.server = server;
    }

    @Override
    public String plugin() {
        return "xen";
    }

    @Override
    public Requirements hostNeeds() {
        return needs;
    }

    @Override
    public String macPrefix() {
        return "00:16:3e";
    }

    @Override
    public HostCapacity capacity(Resource host) {
        long used = there.values().stream()
                .mapToLong(it -> it.size().memoryMb() + 8)
                .sum();
        return new HostCapacity(2, 2000, 2048, 512, 2048 - 512 - used, 8);
    }

    @Override
    public List<PartitionSighting> list(Resource host) {
        List<PartitionSighting> seen = new ArrayList<>(there.values());
        listed.run();
        return seen;
    }

    @Override
    public synchronized void start(Resource host, Partition partition, WorkContext work) {
        if (!refusal.isEmpty()) {
            throw QrmException.failed("start partition", partition.name(), refusal, "Look.", null);
        }
        told.add("start " + partition.mac());
        see(partition.mac(), PartitionState.RUNNING, partition.size());
        running.computeIfAbsent(
                partition.mac(),
                mac -> new TestMachine(
                                server,
                                mac,
                                addresses.computeIfAbsent(mac, it -> "10.9.0." + (1 + addresses.size())),
                                partition.size().cpus(),
                                partition.size().memoryMb() - 20)
                        .powerOn());
    }

    @Override
    public void stop(Resource host, Partition partition, boolean force, WorkContext work) {
        told.add((force ? "force " : "stop ") + partition.mac());
        if (stubborn) {
            return;
        }
        end(partition.mac());
        see(partition.mac(), PartitionState.STOPPED, partition.size());
    }

    @Override
    public void pause(Resource host, Partition partition, boolean pause, WorkContext work) {
        see(partition.mac(), pause ? PartitionState.PAUSED : PartitionState.RUNNING, partition.size());
    }

    @Override
    public void change(Resource host, Partition partition, WorkContext work) {
        told.add("pin " + partition.pinnedCpus());
        see(partition.mac(), partition.state(), partition.size());
    }

    @Override
    public void remove(Resource host, Partition partition, WorkContext work) {
        told.add("remove " + partition.mac());
        end(partition.mac());
        there.remove(partition.mac());
    }

    @Override
    public String console(Resource host, Partition partition, int bytes) {
        return "console of " + partition.mac() + " qrm.token=AQAb_c-d qrm.image=default";
    }

    @Override
    public void type(Resource host, Partition partition, String text) {
        told.add("type " + text);
    }

    /** Says what it was started with, and then is silent until it is closed. */
    @Override
    public Terminal openTerminal(Resource host, Partition partition, TerminalSize size) {
        told.add("open " + size);
        PipedOutputStream writes = new PipedOutputStream();
        PipedInputStream output = new PipedInputStream();
        try {
            writes.connect(output);
            writes.write("qrm.image=idle qrm.token=AQAb_c-d quiet".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Terminal() {
            @Override
            public OutputStream input() {
                return OutputStream.nullOutputStream();
            }

            @Override
            public InputStream output() {
                return output;
            }

            @Override
            public void resize(TerminalSize other) {
                told.add("resize " + other);
            }

            @Override
            public void close() {
                told.add("close");
                try {
                    writes.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** As the host has it, whoever did it. */
    void see(MacAddress mac, PartitionState state, PartitionSize size) {
        there.put(mac, new PartitionSighting(mac, state, size, ""));
    }

    void end(MacAddress mac) {
        TestMachine machine = running.remove(mac);
        if (machine != null) {
            machine.close();
        }
    }

    /** The host's power fails: all that ran on it is gone, and it forgets it. */
    void forget() {
        running.keySet().forEach(this::end);
        there.clear();
    }

    @Override
    public void close() {
        forget();
    }
}

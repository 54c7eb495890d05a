package org.qrm.rest.internal.fake;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.qrm.api.Expected;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.Operation;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.partition.Partitions;
import org.qrm.api.resource.MacAddress;

/** Resource 1 is a host with one partition, number 50, and room for 1024 MiB. */
public final class FakePartitions implements Partitions {

    public volatile String typed;

    private static final long HOST = 1;

    private final FakeOperations operations;
    private volatile PartitionSize guestSize = new PartitionSize(1, 700, 256);
    public volatile PartitionSize lastSize;
    public volatile String lastPinnedCpus;
    public volatile boolean lastForce;

    public FakePartitions(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public List<Partition> list(long host) {
        return host == HOST ? List.of(guest()) : List.of();
    }

    @Override
    public Optional<Partition> find(long id) {
        return Optional.of(guest()).filter(it -> it.id() == id);
    }

    private Partition guest() {
        MacAddress mac = new MacAddress("52:54:00:bb:00:01");
        return new Partition(50, "guest", mac, HOST, "xen", guestSize, "", PartitionState.RUNNING, "");
    }

    @Override
    public void type(long partition, String text) {
        typed = text;
    }

    @Override
    public HostCapacity capacity(long host) {
        checkHost(host);
        return new HostCapacity(2, 2000, 2048, 512, 1024, 8);
    }

    @Override
    public Operation create(long host, int count, PartitionSize size) {
        checkHost(host);
        lastSize = size;
        if (count > 64) {
            throw QrmException.invalid("create partitions", "host", "65 were asked for", "Give 1 to 64.");
        }
        if (size.memoryMb() > 1024) {
            throw QrmException.refused(
                    "create partitions", "host", "1024 MiB are free, " + size.memoryMb() + " are needed", "");
        }
        return operations.queue("partition.create", "resource/" + host);
    }

    @Override
    public Operation act(long partition, PartitionAction action, boolean force) {
        lastForce = force;
        return operations.queue("partition." + action.name().toLowerCase(Locale.ROOT), "resource/" + partition);
    }

    @Override
    public Operation change(long partition, PartitionSize size, String pinnedCpus, Expected<Partition> expected) {
        expected.check(guest());
        guestSize = size == null ? guestSize : size;
        lastSize = size;
        lastPinnedCpus = pinnedCpus;
        return operations.queue("partition.change", "resource/" + partition);
    }

    @Override
    public String console(long partition, int bytes) {
        return "login: ";
    }

    @Override
    public Terminal openTerminal(long partition, TerminalSize size) {
        return new FakeTerminal("login:", size, new AtomicInteger());
    }

    private static void checkHost(long host) {
        if (host != HOST) {
            throw QrmException.conflict("find partitions", Long.toString(host), "it is no host", "Name a host.");
        }
    }
}

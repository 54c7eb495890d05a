package org.qrm.core.partition;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.qrm.api.Expected;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.Operation;
import org.qrm.api.partition.HostCapacity;
import org.qrm.api.partition.Partition;
import org.qrm.api.partition.PartitionAction;
import org.qrm.api.partition.PartitionProvider;
import org.qrm.api.partition.PartitionSize;
import org.qrm.api.partition.PartitionState;
import org.qrm.api.partition.Partitions;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceKind;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.partition.Hosts.Host;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;

/** Partitions as others see and change them. */
public final class PartitionService implements Partitions {

    private static final String CREATE = "create partitions";
    private static final Pattern CPU_LIST = Pattern.compile("[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*");

    private final Database database;
    private final ResourceRows rows;
    private final OperationEngine engine;
    private final Hosts hosts;
    private final PartitionConsoles consoles;
    private final SecureRandom random = new SecureRandom();

    public PartitionService(
            Database database, ResourceRows rows, OperationEngine engine, Hosts hosts, PartitionConsoles consoles) {
        this.database = database;
        this.rows = rows;
        this.engine = engine;
        this.hosts = hosts;
        this.consoles = consoles;
    }

    @Override
    public List<Partition> list(long host) {
        return database.read(handle -> PartitionRows.ofHost(handle, host)).stream()
                .map(PartitionRow::partition)
                .toList();
    }

    @Override
    public Optional<Partition> find(long id) {
        return database.read(handle -> PartitionRows.find(handle, id)).map(PartitionRow::partition);
    }

    @Override
    public HostCapacity capacity(long id) {
        Host host = database.read(handle -> hosts.up(handle, "ask host", id));
        return capacity("ask host", host);
    }

    private HostCapacity capacity(String attempted, Host host) {
        PartitionProvider provider = hosts.require(attempted, host.plugin());
        return hosts.call(
                provider,
                Hosts.ASKING,
                null,
                context -> provider.capacity(host.row().resource()));
    }

    @Override
    public Operation create(long id, int count, PartitionSize size) {
        Host asked = database.read(handle -> hosts.up(handle, CREATE, id));
        Room.checkCount(CREATE, asked.name(), count);
        Room.checkSize(CREATE, asked.name(), size);
        HostCapacity capacity = capacity(CREATE, asked);
        String prefix = hosts.require(CREATE, asked.plugin()).macPrefix();
        return engine.asked(change -> {
            // of two that create on one host at once, the second sees what the first has promised
            rows.lock(change, id);
            Host host = hosts.up(change.handle(), CREATE, id);
            long promised = promised(change, id, capacity);
            Room.checkFit(CREATE, host.name(), capacity, promised, count, size);
            List<Long> made = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                made.add(make(change, host, prefix, size));
            }
            return submit(
                    change, CreatePartitions.NAME, ResourceService.lane(id), new PartitionWork.OfPartitions(id, made));
        });
    }

    private static long promised(Change change, long host, HostCapacity capacity) {
        return PartitionRows.ofHost(change.handle(), host).stream()
                .map(PartitionRow::partition)
                .filter(it -> it.state() == PartitionState.DEFINED || it.state() == PartitionState.CREATING)
                .mapToLong(it -> it.size().memoryMb() + capacity.overheadMb())
                .sum();
    }

    private long make(Change change, Host host, String prefix, PartitionSize size) {
        MacAddress mac = freshAddress(change, prefix);
        PartitionRows.give(change, mac);
        String name = host.plugin() + "-" + mac.value().replace(":", "");
        ResourceRow row = rows.insert(
                change, mac, name, ResourceKind.PARTITION, host.row().id(), host.plugin());
        PartitionRows.insert(change, row.id(), host.row().id(), host.plugin(), size, PartitionState.DEFINED);
        rows.setSize(change, row.id(), size.cpus(), size.cpuMhz(), size.memoryMb());
        change.event(
                Priority.INFO,
                "partition.defined",
                ResourceService.lane(row.id()),
                "Partition " + name + " is to be created on " + host.name(),
                row.id());
        return row.id();
    }

    private MacAddress freshAddress(Change change, String prefix) {
        while (true) {
            int tail = random.nextInt(1 << 24);
            MacAddress mac = MacAddress.parse(
                    String.format("%s:%02x:%02x:%02x", prefix, tail >> 16, tail >> 8 & 0xff, tail & 0xff));
            boolean taken = PartitionRows.wasGiven(change.handle(), mac)
                    || rows.find(change.handle(), mac).isPresent();
            if (!taken) {
                return mac;
            }
        }
    }

    @Override
    public Operation act(long id, PartitionAction action, boolean force) {
        String attempted = action.name().toLowerCase(Locale.ROOT) + " partition";
        return engine.asked(change -> {
            PartitionRow row = required(change, attempted, id);
            long host = row.partition().hostId();
            checkUse(change, attempted, id, action, force);
            checkState(attempted, row.partition(), action);
            if (action != PartitionAction.REMOVE
                    || hosts.find(change.handle(), host).isPresent()) {
                hosts.up(change.handle(), attempted, host);
            }
            return submit(
                    change,
                    PartitionOperations.kindOf(action),
                    ResourceService.lane(id),
                    new PartitionWork.Forced(host, List.of(id), force));
        });
    }

    /** What runs on it is not taken away by the way. */
    private void checkUse(Change change, String attempted, long id, PartitionAction action, boolean force) {
        Resource resource = rows.find(change.handle(), id).orElseThrow().resource();
        boolean disturbs = action == PartitionAction.REMOVE
                || !force && (action == PartitionAction.STOP || action == PartitionAction.RESTART);
        if (disturbs && resource.environmentId() != null) {
            throw QrmException.conflict(
                    attempted,
                    resource.name(),
                    "it runs virtual environment " + resource.environmentId(),
                    "Stop that first"
                            + (action == PartitionAction.REMOVE
                                    ? "."
                                    : ", or restart it, or say that you mean it (force)."));
        }
    }

    private static void checkState(String attempted, Partition partition, PartitionAction action) {
        boolean wrong = switch (action) {
            case PAUSE -> partition.state() != PartitionState.RUNNING;
            case RESUME -> partition.state() != PartitionState.PAUSED;
            case START, STOP, RESTART ->
                partition.state() == PartitionState.REMOVING || partition.state() == PartitionState.DEFINED;
            case REMOVE -> false;
        };
        if (wrong) {
            throw QrmException.conflict(
                    attempted,
                    partition.name(),
                    "it is " + partition.state().name().toLowerCase(Locale.ROOT),
                    "Choose an action that this state allows.");
        }
    }

    @Override
    public Operation change(long id, PartitionSize size, String pinnedCpus, Expected<Partition> expected) {
        String attempted = "change partition";
        Partition before =
                find(id).orElseThrow(() -> QrmException.notFound(attempted, "partition", String.valueOf(id)));
        PartitionSize wanted = size == null ? before.size() : size;
        Room.checkSize(attempted, before.name(), wanted);
        if (pinnedCpus != null && !pinnedCpus.isEmpty() && !isCpuList(pinnedCpus)) {
            throw QrmException.invalid(
                    attempted, before.name(), "the CPUs are no list such as 0-1,3", "Correct it, or leave it empty.");
        }
        Host host = database.read(handle -> hosts.up(handle, attempted, before.hostId()));
        HostCapacity capacity = capacity(attempted, host);
        Room.checkCpus(attempted, host.name(), capacity, wanted);
        long more = wanted.memoryMb() - before.size().memoryMb();
        if (more > capacity.memoryFreeMb()) {
            throw QrmException.refused(
                    attempted,
                    before.name(),
                    more + " MiB more are needed, " + capacity.memoryFreeMb() + " MiB are free of "
                            + capacity.memoryMb() + " beside " + capacity.memoryReservedMb()
                            + " for the host itself",
                    "Give it less, or remove other partitions of this host.");
        }
        return engine.asked(change -> {
            PartitionRows.lock(change, id);
            PartitionRow row = required(change, attempted, id);
            expected.check(asPromised(change, row.partition()));
            String pinned = pinnedCpus == null ? row.partition().pinnedCpus() : pinnedCpus;
            return submit(
                    change,
                    ChangePartition.NAME,
                    ResourceService.lane(id),
                    ChangePartition.Wanted.of(row.partition(), wanted, pinned));
        });
    }

    /** As it is once the changes are made that others were promised before. */
    private Partition asPromised(Change change, Partition now) {
        return engine.newest(
                        change.handle(),
                        ResourceService.lane(now.id()),
                        ChangePartition.NAME,
                        ChangePartition.Wanted.class)
                .map(wanted -> wanted.on(now))
                .orElse(now);
    }

    private static boolean isCpuList(String text) {
        return text.length() <= 200 && CPU_LIST.matcher(text).matches();
    }

    @Override
    public String console(long id, int bytes) {
        return consoles.read(required("read console", id), bytes);
    }

    @Override
    public void type(long id, String text) {
        consoles.type(required("type at console", id), text);
    }

    @Override
    public Terminal openTerminal(long id, TerminalSize size) {
        return consoles.open(required("open the console", id), size);
    }

    private Partition required(String attempted, long id) {
        return find(id).orElseThrow(() -> QrmException.notFound(attempted, "partition", String.valueOf(id)));
    }

    private static PartitionRow required(Change change, String attempted, long id) {
        return PartitionRows.find(change.handle(), id)
                .orElseThrow(() -> QrmException.notFound(attempted, "partition", String.valueOf(id)));
    }

    private <W extends Record & PartitionWork.OnPartitions> long submit(
            Change change, String kind, String subject, W wanted) {
        return PartitionOperations.submit(engine, change, kind, subject, wanted);
    }
}

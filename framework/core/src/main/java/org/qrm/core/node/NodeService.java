package org.qrm.core.node;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.node.BootOrder;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Inventory;
import org.qrm.api.node.Nodes;
import org.qrm.api.node.Registered;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.core.environment.AssignmentRows;
import org.qrm.core.environment.FencedBoots;
import org.qrm.core.history.History;
import org.qrm.core.partition.PartitionRows;
import org.qrm.core.resource.BootProgress;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.Database;

/** Answers booting and running machines. */
public final class NodeService implements Nodes {

    /** Seconds between reports. */
    static final int INTERVAL = 10;

    private final Database database;
    private final ResourceRows rows;
    private final BootOrders bootOrders;
    private final Registrations registrations;
    private final Observations observations;
    private final BootPackages packages;
    private final BiFunction<String, Long, List<String>> secretArguments;
    private final BootProgress progress;
    private final History history;
    private final Incumbents incumbents;
    private final Refusals refusals;
    private final FencedBoots fenced;
    private final BootTrouble trouble;
    private final Inventories inventories;
    private final Executor wakeups;
    private final Clock clock;
    private final NodeTokens tokens;
    private final Map<Long, NodeSession> sessions;

    NodeService(
            Database database,
            ResourceRows rows,
            BootOrders bootOrders,
            Registrations registrations,
            Observations observations,
            BootPackages packages,
            BiFunction<String, Long, List<String>> secretArguments,
            BootProgress progress,
            History history,
            Incumbents incumbents,
            Map<Long, NodeSession> sessions,
            Refusals refusals,
            FencedBoots fenced,
            OwnWords words,
            Executor wakeups,
            Clock clock) {
        this.database = database;
        this.rows = rows;
        this.bootOrders = bootOrders;
        this.registrations = registrations;
        this.observations = observations;
        this.packages = packages;
        this.secretArguments = secretArguments;
        this.progress = progress;
        this.history = history;
        this.incumbents = incumbents;
        this.sessions = sessions;
        this.refusals = refusals;
        this.fenced = fenced;
        this.trouble = new BootTrouble(database, rows);
        this.inventories = new Inventories(database, rows, words);
        this.wakeups = wakeups;
        this.clock = clock;
        this.tokens = new NodeTokens(database, rows, sessions, clock);
        rows.watch(this::changed);
    }

    @Override
    public BootOrder bootOrder(MacAddress mac) {
        return bootOrder(mac, "this server");
    }

    @Override
    public BootOrder bootOrder(MacAddress mac, String peer) {
        return bootOrder(mac, peer, false);
    }

    private BootOrder bootOrder(MacAddress mac, String peer, boolean byHost) {
        BootOrder order = bootOrders.of(mac, byHost, resource -> letBoot(resource, peer, byHost));
        progress.configured(mac);
        return order;
    }

    private void letBoot(long resource, String peer, boolean byHost) {
        NodeSession session = session(resource);
        NodeSession.Known known = known(session);
        if (known == null) {
            known = readOrForget(session, resource);
        }
        if (known != null) {
            if (!byHost) {
                incumbents.refuseBesideHost("boot", question -> database.read(question::test), known.row());
            }
            incumbents.letBoot(
                    "boot", question -> database.read(question::test), known.row(), known.assignment(), peer);
        }
    }

    @Override
    public BootOrder bootOrder(long resource, String nodeToken, MacAddress mac) {
        authenticate(session(resource), resource, nodeToken);
        ResourceRow partition = database.read(handle -> rows.find(handle, mac)
                .filter(row -> Objects.equals(row.resource().hostId(), resource))
                .orElseThrow(() -> QrmException.notFound("answer host", "partition of this host", mac.value())));
        // before its token is made: what was told in the open by then registers nobody any more
        if (database.read(handle -> PartitionRows.hostAsked(handle, partition.id())) == 0) {
            database.change(change -> {
                PartitionRows.hostAsks(change, partition.id(), clock.millis());
                return null;
            });
        }
        return bootOrder(mac, "its host", true);
    }

    @Override
    public void kernelFetched(MacAddress mac) {
        progress.kernelFetched(mac);
    }

    @Override
    public void unbootable(MacAddress mac, String why) {
        trouble.tell(mac, why);
    }

    @Override
    public Registered register(Registration registration) {
        String token = Secrets.token();
        ResourceRow row = registrations.accept(registration, Secrets.digest(token));
        NodeSession session = session(row.id());
        NodeSession.Known known = read(session, row.id());
        session.seen(clock.millis(), NodeState.IDLE, known.row().resource().load());
        Instruction instruction = next(known, NodeState.IDLE);
        return new Registered(
                row.id(),
                token,
                registrations.authorizedKey(),
                INTERVAL,
                instruction instanceof Instruction.Continue ? new Instruction.Idle() : instruction);
    }

    @Override
    public CompletionStage<Instruction> report(Report report, Duration hold) {
        NodeSession session = session(report.resource());
        NodeSession.Known known = withToken(session, report.resource(), report.nodeToken());
        if (known == null && isFenced(report)) {
            fenced.reports(report.resource());
            known = withToken(session, report.resource(), report.nodeToken());
            if (known == null) {
                return CompletableFuture.completedFuture(
                        report.state() == NodeState.STOPPING ? new Instruction.Continue() : new Instruction.Reboot());
            }
        }
        if (known == null) {
            throw stranger(report.resource());
        }
        long now = clock.millis();
        session.seen(now, report.state(), report.load());
        history.add(report.resource(), now, heard(known.row().resource(), report));
        if (report.state() == NodeState.STARTING) {
            progress.imageMounted(known.row().resource().mac());
        }
        observations.observe(known.row(), known.assignment(), report, session);
        NodeSession.Held held = new NodeSession.Held(new CompletableFuture<>(), report.state());
        letGo(session.hold(held));
        // on hold first, then looked at: what changes in between finds the answer waiting
        held.answer().whenComplete((answer, failure) -> session.release(held));
        answerIfNew(session, report.resource(), held);
        if (hold.isZero()) {
            held.answer().complete(new Instruction.Continue());
        }
        return held.answer().completeOnTimeout(new Instruction.Continue(), hold.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void inventory(Inventory inventory) {
        authenticate(session(inventory.resource()), inventory.resource(), inventory.nodeToken());
        inventories.store(inventory);
    }

    @Override
    public boolean isToken(long resource, String nodeToken) {
        return tokens.has(resource, Secrets.digest(nodeToken));
    }

    @Override
    public InputStream bootService(long resource, String nodeToken, String plugin) throws IOException {
        NodeSession.Known known = authenticate(session(resource), resource, nodeToken);
        return packages.open(known.row(), known.assignment(), plugin);
    }

    @Override
    public void refused(String from, String what) {
        refusals.add(from, what);
    }

    Map<Long, NodeSession> sessions() {
        return sessions;
    }

    /** Whether it is the boot of a machine that was ended by fencing. */
    private boolean isFenced(Report report) {
        String digest = Secrets.digest(report.nodeToken());
        return fenced.tokenHash(report.resource())
                .filter(hash -> NodeSession.matches(hash, digest))
                .isPresent();
    }

    private NodeSession.Known authenticate(NodeSession session, long resource, String token) {
        NodeSession.Known known = withToken(session, resource, token);
        if (known == null) {
            throw stranger(resource);
        }
        return known;
    }

    private static History.Heard heard(Resource machine, Report report) {
        return new History.Heard(
                machine.environmentId() != null,
                report.load(),
                Math.max(0, machine.hardware().memoryMb() - report.memoryFreeMb()),
                report.receivedBytes(),
                report.sentBytes());
    }

    private static QrmException stranger(long resource) {
        return new QrmException(new Problem(
                Problem.Kind.UNAUTHENTICATED,
                "report",
                String.valueOf(resource),
                "the token is not that of the machine's last registration",
                "Restart the machine."));
    }

    /** Null when it is not the machine's token. */
    private NodeSession.Known withToken(NodeSession session, long resource, String token) {
        String digest = Secrets.digest(token);
        NodeSession.Known known = known(session);
        if (known == null || !NodeSession.matches(known, digest)) {
            known = readOrForget(session, resource);
        }
        return known == null || !NodeSession.matches(known, digest) ? null : known;
    }

    /** What is remembered, unless another server may have changed it since. */
    private NodeSession.Known known(NodeSession session) {
        NodeSession.Known known = session.known();
        boolean old = known == null || database.shared() && clock.millis() - known.readAt() > 1000;
        return old ? null : known;
    }

    private void answerIfNew(NodeSession session, long resource, NodeSession.Held held) {
        NodeSession.Known known = session.known();
        if (known == null) {
            known = readOrForget(session, resource);
        }
        if (known == null) {
            held.answer().complete(new Instruction.Reboot());
            return;
        }
        Instruction instruction = next(known, held.state());
        if (!(instruction instanceof Instruction.Continue)) {
            held.answer().complete(instruction);
        }
    }

    private Instruction next(NodeSession.Known known, NodeState state) {
        Instruction next = Instructions.next(
                known.row(),
                known.assignment(),
                state,
                known.assignment() == null ? List.of() : packages.of(known.row(), known.assignment()));
        return next instanceof Instruction.StartImage start
                ? start.telling(
                        secretArguments.apply(start.environment(), known.row().id()))
                : next;
    }

    /** A row was changed: what waits for an instruction looks again. */
    private void changed(long resource) {
        NodeSession session = sessions.get(resource);
        if (session == null) {
            return;
        }
        session.forgetRows();
        NodeSession.Held held = session.held();
        if (held != null) {
            wakeups.execute(() -> answerIfNew(session, resource, held));
        }
    }

    private NodeSession session(long resource) {
        return sessions.computeIfAbsent(resource, id -> new NodeSession());
    }

    private NodeSession.Known read(NodeSession session, long resource) {
        return Optional.ofNullable(readOrForget(session, resource))
                .orElseThrow(() -> QrmException.notFound("answer machine", "resource", String.valueOf(resource)));
    }

    private NodeSession.Known readOrForget(NodeSession session, long resource) {
        long now = clock.millis();
        long generation = session.generation();
        NodeSession.Known known = database.read(handle -> rows.find(handle, resource)
                .map(row -> new NodeSession.Known(
                        row, AssignmentRows.of(handle, resource).orElse(null), now))
                .orElse(null));
        session.know(known, generation);
        if (known == null) {
            sessions.remove(resource, session);
        }
        return known;
    }

    private static void letGo(NodeSession.Held before) {
        if (before != null) {
            before.answer().complete(new Instruction.Continue());
        }
    }
}

package org.qrm.core.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Report.NodeState;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.Limits;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.partition.PartitionRows;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Database;

/**
 * Who has a MAC address. It is no secret, so a machine that is up keeps it: another one is refused what boots it, unless the
 * one that is known was told to boot, says that it goes down, or has missed some of its reports and does not answer, as after a
 * power cut.
 */
final class Incumbents {

    /** Two reports are missed, and the third is late. */
    static final Duration OVERDUE = Duration.ofSeconds(25);

    static final String CLAIMED = "resource.claimed";

    /** {@link Watch} writes down this often when a machine was heard of, and reads what other servers wrote. */
    private static final Duration UNWRITTEN = Duration.ofSeconds(6);

    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MOST_CLAIMS = 1000;

    private final Database database;
    private final ResourceRows rows;
    private final Map<Long, NodeSession> sessions;
    private final Refusals refusals;
    private final LifeSigns lifeSigns;
    private final Duration overdue;
    private final Clock clock;
    /** Since then the server has been there to hear machines. */
    private volatile long hearsSince;

    private final Map<Long, Claim> claims = new ConcurrentHashMap<>();

    Incumbents(
            Database database,
            ResourceRows rows,
            Map<Long, NodeSession> sessions,
            Refusals refusals,
            LifeSigns lifeSigns,
            Limits limits,
            Clock clock) {
        this.database = database;
        this.rows = rows;
        this.sessions = sessions;
        this.refusals = refusals;
        this.lifeSigns = lifeSigns;
        this.overdue = limits.silence().compareTo(OVERDUE) < 0 ? limits.silence() : OVERDUE;
        this.clock = clock;
        this.hearsSince = clock.millis();
    }

    /**
     * Somebody was refused the place of a machine. When that machine reports after it, or answers, there are two of them; when it
     * does not, it was itself.
     *
     * @param heard when it was last heard of before
     * @param askedAt when the other one asked last
     */
    private record Claim(String peer, String bootId, long heard, long askedAt, boolean told) {}

    /** How the database is asked, if it has to be: in the transaction that is under way, or in one of its own. */
    @FunctionalInterface
    interface Asked {
        boolean whether(Predicate<Handle> question);
    }

    /**
     * Lets a boot of a machine that is known go on, or refuses it. What boots on metal of a site's only server is not looked up.
     *
     * @param row as it is now
     * @param assignment its binding, or null
     * @param peer who asks
     * @throws QrmException CONFLICT
     */
    void letBoot(String attempt, Asked asked, ResourceRow row, AssignmentRow assignment, String peer) {
        refuseWithoutHost(attempt, asked, row);
        if (!mayBeUp(row) || isToBoot(asked, row, assignment)) {
            return;
        }
        if (reports(asked, row)) {
            claim(row, peer);
            throw refused(
                    attempt,
                    row,
                    "is up and was not told to restart",
                    "If it is this one, after a power cut, it is answered when the other boot has been silent for "
                            + overdue.toSeconds() + " s.");
        }
        LifeSigns.Sign sign = lifeSigns.of(row);
        if (sign != LifeSigns.Sign.NONE) {
            claim(row, peer);
            throw sign == LifeSigns.Sign.ASKED
                    ? beingAsked(attempt, row)
                    : refused(
                            attempt,
                            row,
                            "does not report, but is up, and was not told to restart",
                            "Restart it in QRM or by its power switch if it is to boot; look why it does not report"
                                    + " (journalctl -u qrm-client) if it is to go on.");
        }
    }

    /** Nothing tells a partition from another machine but that its host runs it. */
    private static void refuseWithoutHost(String attempt, Asked asked, ResourceRow row) {
        if (row.resource().kind() == ResourceKind.PARTITION
                && !asked.whether(handle -> PartitionRows.runs(handle, row.id()))) {
            throw refused(
                    attempt,
                    row,
                    "is a partition, and its host does not run it",
                    "Start it in QRM. One that was started on its host by hand is answered when that was seen, within"
                            + " half a minute.");
        }
    }

    /** A host that asks over its own channel what its partition boots leaves no reason for anybody to ask in the open. */
    void refuseBesideHost(String attempt, Asked asked, ResourceRow row) {
        if (row.resource().kind() == ResourceKind.PARTITION
                && asked.whether(handle -> PartitionRows.hostAsked(handle, row.id()) > 0)) {
            throw new QrmException(new Problem(
                    Problem.Kind.FORBIDDEN,
                    attempt,
                    row.resource().mac().value(),
                    "the machine with this MAC address is a partition, and its host asks for it",
                    "Start it in QRM; it is not booted from the network."));
        }
    }

    private static QrmException beingAsked(String attempt, ResourceRow row) {
        return refused(
                attempt,
                row,
                "does not report, and is being asked whether it is up",
                "Ask again in " + LifeSigns.PATIENCE.toSeconds() + " s.");
    }

    private static QrmException refused(String attempt, ResourceRow row, String why, String remedy) {
        return QrmException.conflict(
                attempt, row.resource().mac().value(), "the machine with this MAC address " + why, remedy);
    }

    private static boolean mayBeUp(ResourceRow row) {
        return row.nodeTokenHash() != null && row.state() != ResourceState.OFF;
    }

    /** Whether it was heard of so lately that it must be there. */
    private boolean reports(Asked asked, ResourceRow row) {
        return !isLate(row.id(), row.resource().lastSeen())
                || database.shared() && asked.whether(handle -> reportsElsewhere(handle, row.id()));
    }

    /**
     * Whether it is up, and has not said that it goes down.
     *
     * @throws QrmException CONFLICT while that is being found out
     */
    boolean holds(String attempt, Handle handle, ResourceRow row) {
        NodeSession session = sessions.get(row.id());
        if (!mayBeUp(row) || session != null && session.state() == NodeState.STOPPING) {
            return false;
        }
        if (reports(question -> question.test(handle), row)) {
            return true;
        }
        LifeSigns.Sign sign = lifeSigns.of(row);
        if (sign == LifeSigns.Sign.ASKED) {
            throw beingAsked(attempt, row);
        }
        return sign == LifeSigns.Sign.ANSWERED;
    }

    /** What another server heard of it is in the database. */
    private boolean reportsElsewhere(Handle handle, long id) {
        return rows.find(handle, id)
                .filter(row -> !isLate(id, row.resource().lastSeen()))
                .isPresent();
    }

    /** Machines may have reported in vain until then. */
    void heardNobodyUntilNow() {
        hearsSince = clock.millis();
    }

    /** Since then the server has been there to hear machines, in milliseconds. */
    long hearsSince() {
        return hearsSince;
    }

    private boolean isLate(long id, Instant written) {
        // nobody could be heard while the server was away
        return clock.millis() - Math.max(heard(id, written), hearsSince) > overdue.toMillis();
    }

    private long heard(long id, Instant written) {
        NodeSession session = sessions.get(id);
        long here = session == null ? 0 : session.lastSeen();
        return written == null ? here : Math.max(here, written.toEpochMilli());
    }

    private boolean isToBoot(Asked asked, ResourceRow row, AssignmentRow assignment) {
        NodeSession session = sessions.get(row.id());
        NodeState said = session == null ? NodeState.IDLE : session.state();
        Instruction told = Instructions.next(row, assignment, said, List.of());
        boolean leaves = told instanceof Instruction.Reboot
                || told instanceof Instruction.PowerOff
                || told instanceof Instruction.LocalBoot;
        return leaves
                || said == NodeState.STOPPING
                || row.localBoot()
                || row.resource().kind() == ResourceKind.PARTITION
                        && asked.whether(handle -> PartitionRows.isBeingStarted(handle, row.id()));
    }

    private void claim(ResourceRow row, String peer) {
        long now = clock.millis();
        if (claims.size() >= MOST_CLAIMS && !claims.containsKey(row.id())) {
            return;
        }
        claims.merge(
                row.id(),
                new Claim(peer, row.bootId(), heard(row.id(), row.resource().lastSeen()), now, false),
                (before, other) -> Objects.equals(before.bootId(), other.bootId())
                        ? new Claim(
                                before.told() ? before.peer() : other.peer(),
                                before.bootId(),
                                before.heard(),
                                now,
                                before.told())
                        : other);
    }

    /** Tells of machines that were claimed and have reported or answered since; to be called every few seconds. */
    void tell() {
        lifeSigns.forgetOld();
        long now = clock.millis();
        for (Iterator<Map.Entry<Long, Claim>> each = claims.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Long, Claim> entry = each.next();
            Claim claim = entry.getValue();
            Optional<ResourceRow> row = database.read(handle -> rows.find(handle, entry.getKey()));
            boolean same = row.isPresent() && Objects.equals(row.get().bootId(), claim.bootId());
            if (!same || now - claim.askedAt() > REMEMBERED.toMillis()) {
                each.remove();
            } else if (!claim.told() && (hasReported(row.get(), claim) || lifeSigns.hasAnswered(row.get()))) {
                tell(row.get(), claim.peer());
                claims.computeIfPresent(
                        entry.getKey(), (id, it) -> new Claim(it.peer(), it.bootId(), it.heard(), it.askedAt(), true));
            }
        }
    }

    private boolean hasReported(ResourceRow row, Claim claim) {
        long unknown = database.shared() ? UNWRITTEN.toMillis() : 0;
        return heard(row.id(), row.resource().lastSeen()) > claim.heard() + unknown;
    }

    private void tell(ResourceRow row, String peer) {
        refusals.add(
                new Refusals.Refused(CLAIMED, peer, ResourceService.lane(row.id()), row.id()),
                "Two machines claim the MAC address " + row.resource().mac() + ": "
                        + row.resource().name()
                        + ", which is up at " + row.resource().address() + ", and another one, which asks from " + peer
                        + " and was refused. Look for what is at " + peer);
    }
}

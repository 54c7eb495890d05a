package org.qrm.core.node;

import java.util.Optional;
import java.util.function.Supplier;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.node.Registration;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.core.admission.Newcomers;
import org.qrm.core.environment.AssignmentRow;
import org.qrm.core.environment.AssignmentRows;
import org.qrm.core.environment.EnvironmentHealth;
import org.qrm.core.environment.EnvironmentRows;
import org.qrm.core.environment.FencedBoots;
import org.qrm.core.environment.ReopenKind;
import org.qrm.core.operation.OperationEngine;
import org.qrm.core.partition.Guests;
import org.qrm.core.partition.PartitionRows;
import org.qrm.core.resource.NewMachines;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;

/** Takes registrations: token, row, state and event in one transaction. */
final class Registrations {

    private final Database database;
    private final ResourceRows rows;
    private final BootTokens tokens;
    private final EnvironmentHealth health;
    private final Newcomers newcomers;
    private final Incumbents incumbents;
    private final Addresses addresses;
    private final Refusals refusals;
    private final OwnWords words;
    private final OperationEngine engine;
    private final Supplier<String> authorizedKey;

    Registrations(
            Database database,
            ResourceRows rows,
            BootTokens tokens,
            EnvironmentHealth health,
            Newcomers newcomers,
            Incumbents incumbents,
            Addresses addresses,
            Refusals refusals,
            OwnWords words,
            OperationEngine engine,
            Supplier<String> authorizedKey) {
        this.database = database;
        this.rows = rows;
        this.tokens = tokens;
        this.health = health;
        this.newcomers = newcomers;
        this.incumbents = incumbents;
        this.addresses = addresses;
        this.refusals = refusals;
        this.words = words;
        this.engine = engine;
        this.authorizedKey = authorizedKey;
        rows.watch(id -> engine.poke(ResourceService.lane(id)));
    }

    /** Type and key, without the comment that a line of authorized_keys may have. */
    String authorizedKey() {
        String[] words = authorizedKey.get().split(" ");
        return words[0] + " " + words[1];
    }

    ResourceRow accept(Registration said, String nodeTokenDigest) {
        Registration registration = addresses.located(said);
        Optional<String> nonce = tokens.nonce(registration.token(), registration.mac());
        if (nonce.isEmpty()) {
            throw refused(registration, "token.invalid", "its boot token is not of this machine, or too old");
        }
        boolean maybeOneTooMany = true;
        for (int attempt = 1; ; attempt++) {
            try {
                boolean mayWait = !maybeOneTooMany;
                Optional<ResourceRow> row =
                        database.change(change -> store(change, registration, nonce.get(), nodeTokenDigest, mayWait));
                return row.orElseThrow(() -> refused(
                        registration,
                        "token.reused",
                        "its boot token was used before, by another boot or one that is over"));
            } catch (OneMoreWaits asked) {
                // counted outside of the transaction: others that come at the same time hold their rows until they are
                // through
                newcomers.refuseIfTooMany(registration);
                maybeOneTooMany = false;
            } catch (WrongAddress refused) {
                tell(registration, "address.refused", refused.problem().reason());
                throw refused;
            } catch (QrmException refused) {
                throw refused;
            } catch (RuntimeException raced) {
                if (attempt >= 3 || !Database.isConstraint(raced)) {
                    throw raced;
                }
            }
        }
    }

    /** A machine that nobody expects comes for the first time: it is to be counted first. */
    private static final class OneMoreWaits extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OneMoreWaits() {
            super("one more waits", null, false, false);
        }
    }

    /** It has an address that it cannot have. */
    private static final class WrongAddress extends QrmException {
        private static final long serialVersionUID = 1L;

        WrongAddress(Problem problem) {
            super(problem);
        }
    }

    /** Empty when the token was used by another boot, or by one that is over. */
    private Optional<ResourceRow> store(
            Change change, Registration registration, String nonce, String tokenDigest, boolean mayWait) {
        Use use = use(change, registration, nonce);
        if (use == Use.BY_ANOTHER) {
            return Optional.empty();
        }
        Optional<ResourceRow> known = rows.find(change.handle(), registration.mac());
        if (use == Use.AGAIN
                && known.isPresent()
                && !registration.bootId().equals(known.get().bootId())) {
            return Optional.empty(); // another boot came after it
        }
        known.ifPresent(it -> refuseToldInTheOpen(change, it, registration));
        Optional<AssignmentRow> assignment = known.flatMap(it -> AssignmentRows.of(change.handle(), it.id()));
        if (use == Use.FIRST && known.isPresent()) {
            incumbents.letBoot(
                    "register",
                    question -> question.test(change.handle()),
                    known.get(),
                    assignment.orElse(null),
                    registration.peer());
        }
        if (known.isEmpty() && PartitionRows.wasGiven(change.handle(), registration.mac())) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAUTHENTICATED,
                    "register",
                    registration.mac().value(),
                    "it was a partition, which has been removed",
                    "Remove it on its host too."));
        }
        ResourceRow before = known.orElseGet(() -> rows.insert(
                change,
                registration.mac(),
                "node-" + registration.mac().value().replace(":", ""),
                ResourceKind.NODE,
                null,
                null));
        addresses.against(change.handle(), before.id(), registration.address()).ifPresent(problem -> {
            throw new WrongAddress(problem);
        });
        ResourceRow met = newcomers.met(change, before, registration);
        boolean bound = assignment.isPresent() && !assignment.get().releasing();
        Recognition seen = Recognition.of(met, registration, bound ? assignment.get() : null);
        ResourceRow row = seen.settle(change, rows, met, registration.peer());
        if (known.isEmpty() && !row.admitted() && !mayWait) {
            throw new OneMoreWaits();
        }
        boolean staysBound = bound || row.state() == ResourceState.MAINTENANCE;
        ResourceState to = row.admitted() || staysBound ? next(row.state(), bound) : ResourceState.NEW;
        Hardware hardware = counted(change, row, bound, registration.hardware());
        rows.register(change, row, registration, hardware, tokenDigest, to, seen.pinned(), seen.reason());
        if (bound && to == ResourceState.BOOTING) {
            boolean runsIt = assignment.get().plan() != null
                    && assignment.get().plan().configuration().bootImage().equals(registration.image());
            AssignmentRows.setBooted(change, row.id(), runsIt);
            follow(change, row, assignment.get(), registration.address());
        }
        if (!row.admitted() && seen.pinned() == null) {
            NewMachines.waits(change, row, registration.address(), hardware.details());
        }
        tell(change, row, to);
        OddHardware.tell(change, row, hardware, words);
        BootTrouble.resolve(change, row);
        known.ifPresent(it -> FencedBoots.over(change, it.id()));
        if (!bound && use == Use.FIRST && row.resource().kind() == ResourceKind.NODE) {
            Guests.gone(change, rows, row.id());
        }
        health.changed(change, row.resource().environmentId());
        return Optional.of(row);
    }

    /** Nothing tells a partition from others, so what it was told before its host began to ask for it may be anybody's. */
    private static void refuseToldInTheOpen(Change change, ResourceRow row, Registration registration) {
        if (row.resource().kind() == ResourceKind.PARTITION
                && !BootTokens.isToHost(registration.token())
                && PartitionRows.hostAsked(change.handle(), row.id()) > 0) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAUTHENTICATED,
                    "register",
                    registration.mac().value(),
                    "its boot token was not told to its host",
                    "Start the partition in QRM."));
        }
    }

    /**
     * What a machine counts as having: a partition what it was given, whatever its kernel leaves of that; a host what it
     * had before a hypervisor took its share.
     */
    private static Hardware counted(Change change, ResourceRow row, boolean bound, Hardware said) {
        Hardware known = row.resource().hardware();
        if (row.resource().kind() == ResourceKind.PARTITION) {
            return PartitionRows.size(change.handle(), row.id())
                    .map(size -> new Hardware(
                            size.cpus(),
                            size.cpuMhz() > 0 ? size.cpuMhz() : said.cpuMhz(),
                            size.memoryMb(),
                            said.nics(),
                            said.details()))
                    .orElse(said);
        }
        boolean host = bound
                && known.cpus() > 0
                && EnvironmentRows.find(change.handle(), row.resource().environmentId())
                        .filter(environment -> environment.spec().partitioning() != null)
                        .isPresent();
        return host ? new Hardware(known.cpus(), known.cpuMhz(), known.memoryMb(), known.nics(), said.details()) : said;
    }

    /** The image is open to the address that a machine had; and to one that is not admitted any more it is closed. */
    private void follow(Change change, ResourceRow row, AssignmentRow assignment, String address) {
        if (!row.admitted()) {
            AssignmentRows.forgetOpened(change, row.id());
        }
        if (!row.admitted() || !address.equals(assignment.openAddress())) {
            ReopenKind.submit(engine, change, assignment.environment());
        }
    }

    private enum Use {
        FIRST,
        AGAIN,
        BY_ANOTHER
    }

    private static Use use(Change change, Registration registration, String nonce) {
        Optional<String> before = change.handle()
                .createQuery("select boot_id from boot_token_use where nonce = :nonce")
                .bind("nonce", nonce)
                .mapTo(String.class)
                .findOne();
        if (before.isPresent()) {
            return before.get().equals(registration.bootId()) ? Use.AGAIN : Use.BY_ANOTHER;
        }
        change.handle()
                .execute(
                        "insert into boot_token_use (nonce, mac, boot_id, used) values (?, ?, ?, ?)",
                        nonce,
                        registration.mac().value(),
                        registration.bootId(),
                        System.currentTimeMillis());
        return Use.FIRST;
    }

    /** A machine that registers is in the initrd, whatever it was before. */
    private static ResourceState next(ResourceState now, boolean bound) {
        return switch (now) {
            case MAINTENANCE -> ResourceState.MAINTENANCE;
            case ASSIGNED -> ResourceState.ASSIGNED;
            case NEW, IDLE, OFF, ERROR, RELEASING, BOOTING, ACTIVE ->
                bound ? ResourceState.BOOTING : ResourceState.IDLE;
        };
    }

    private static void tell(Change change, ResourceRow row, ResourceState to) {
        if (row.state() == to) {
            return;
        }
        String subject = ResourceService.lane(row.id());
        String name = row.resource().name();
        if (row.state() == ResourceState.ERROR) {
            EventRows.resolve(change.handle(), "resource.silent", subject);
            EventRows.resolve(change.handle(), "resource.lost", subject);
        }
        if (row.state() == ResourceState.ACTIVE) {
            change.event(
                    Priority.WARNING,
                    "resource.restarted",
                    subject,
                    name + " restarted while it ran " + row.resource().environmentId(),
                    row.id());
        } else if (to == ResourceState.IDLE) {
            change.event(Priority.INFO, "resource.idle", subject, name + " is idle", row.id());
        }
    }

    private QrmException refused(Registration registration, String type, String reason) {
        tell(registration, type, reason);
        return new QrmException(new Problem(
                Problem.Kind.UNAUTHENTICATED,
                "register",
                registration.mac().value(),
                reason,
                "Restart the machine: it is given a new token."));
    }

    private void tell(Registration registration, String type, String reason) {
        // who claims a machine's address is not that machine, but the event is about it
        Optional<Long> known =
                database.read(handle -> rows.find(handle, registration.mac())).map(ResourceRow::id);
        String subject = known.map(ResourceService::lane)
                .orElse("mac/" + registration.mac().value());
        refusals.add(
                new Refusals.Refused(type, registration.peer(), subject, known.orElse(null)),
                "Refused a registration as " + registration.mac() + " from " + registration.peer() + ": " + reason);
    }
}

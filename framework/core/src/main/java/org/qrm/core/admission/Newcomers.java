package org.qrm.core.admission;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.event.Priority;
import org.qrm.api.node.Registration;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.core.Limits;
import org.qrm.core.resource.NewMachines;
import org.qrm.core.resource.ResourceRow;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.settings.ExpectedSettings;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;

/** Machines that register and were never admitted: which of them are now, and how many may wait. */
public final class Newcomers {

    /** So many may wait; all of a site come by the list or a window. */
    private static final int MOST = 2000;
    /** So many of one address: a machine has one, and a few cards that it may boot from. */
    static final int MOST_OF_ADDRESS = 16;

    private static final long KEPT_MILLIS = 3_600_000;
    private static final int AT_A_TIME = 100;

    private final Database database;
    private final ResourceRows rows;
    private final ExpectedSettings settings;
    private final Limits limits;
    private final Clock clock;
    private final int most;

    public Newcomers(Database database, ResourceRows rows, ExpectedSettings settings, Limits limits, Clock clock) {
        this(database, rows, settings, limits, clock, MOST);
    }

    /** @param most so many may wait */
    Newcomers(Database database, ResourceRows rows, ExpectedSettings settings, Limits limits, Clock clock, int most) {
        this.database = database;
        this.rows = rows;
        this.settings = settings;
        this.limits = limits;
        this.clock = clock;
        this.most = most;
    }

    /**
     * Answers the machine as it is from now on, when it comes for the first time or was not admitted when it came before.
     *
     * @param known its row as it is, or as it was made for it
     */
    public ResourceRow met(Change change, ResourceRow known, Registration registration) {
        // who takes the place of a machine that was admitted is no new one
        if (known.admitted() || known.pinned() != null) {
            return known;
        }
        Optional<ExpectedMachine> expected = expected(change, known, registration.hardware());
        expected.ifPresent(machine -> describe(change, known, machine));
        if (expected.isPresent() || AdmissionRows.takeOfWindow(change, clock.millis())) {
            ResourceRow named = rows.find(change.handle(), known.id()).orElseThrow();
            NewMachines.admit(change, rows, named, limits.silence());
            return rows.find(change.handle(), known.id()).orElseThrow();
        }
        return known;
    }

    /** Refuses one more that nobody expects, when too many wait. */
    public void refuseIfTooMany(Registration registration) {
        long all = database.read(handle -> rows.countWaiting(handle, ""));
        long ofAddress = all < MOST_OF_ADDRESS
                ? all
                : database.read(handle -> rows.countWaiting(handle, registration.address()));
        if (all >= most || ofAddress >= MOST_OF_ADDRESS) {
            throw new QrmException(new Problem(
                    Problem.Kind.REFUSED,
                    "register",
                    registration.mac().value(),
                    all >= most
                            ? all + " new machines wait to be admitted already"
                            : ofAddress + " new machines of address " + registration.address() + " wait already",
                    "Admit or drop those, or expect this one."));
        }
    }

    /** Forgets those that wait and have not been heard of for an hour. */
    public void forgetOld() {
        dropWaiting(clock.millis() - KEPT_MILLIS);
    }

    int dropWaiting(long lastSeenBefore) {
        int all = 0;
        int some;
        do {
            some = database.change(change -> {
                List<Long> ids = rows.waiting(change.handle(), lastSeenBefore, AT_A_TIME);
                for (long id : ids) {
                    rows.find(change.handle(), id).ifPresent(row -> {
                        NewMachines.settled(change, row);
                        rows.delete(change, id);
                    });
                }
                return ids.size();
            });
            all += some;
        } while (some == AT_A_TIME);
        return all;
    }

    /** Admits those that wait and have this in what tells one from another, empty for all; answers how many. */
    int admitWaiting(String text) {
        List<Long> ids = database.read(handle -> rows.waiting(handle, Long.MAX_VALUE, most));
        int all = 0;
        for (int from = 0; from < ids.size(); from += AT_A_TIME) {
            List<Long> some = ids.subList(from, Math.min(ids.size(), from + AT_A_TIME));
            all += database.change(change -> admit(change, some, text.toLowerCase(Locale.ROOT)));
        }
        return all;
    }

    private int admit(Change change, List<Long> ids, String text) {
        List<ResourceRow> matching = ids.stream()
                .flatMap(id -> rows.find(change.handle(), id).stream())
                .filter(row -> !row.admitted() && row.pinned() == null && has(row.resource(), text))
                .toList();
        matching.forEach(row -> NewMachines.admit(change, rows, row, limits.silence()));
        return matching.size();
    }

    private static boolean has(Resource machine, String text) {
        Map<String, String> details = machine.hardware().details();
        return Stream.of(
                        machine.name(),
                        machine.mac().value(),
                        machine.address(),
                        details.get("vendor"),
                        details.get("product"),
                        details.get("serial"),
                        details.get("uuid"))
                .anyMatch(each -> each != null && each.toLowerCase(Locale.ROOT).contains(text));
    }

    /** Admits those that wait and are expected now; answers how many. */
    int admitExpected(Change change) {
        int all = 0;
        for (long id : rows.waiting(change.handle(), Long.MAX_VALUE, most)) {
            ResourceRow row = rows.find(change.handle(), id).orElseThrow();
            Optional<ExpectedMachine> expected =
                    expected(change, row, row.resource().hardware());
            if (expected.isPresent()) {
                describe(change, row, expected.get());
                NewMachines.admit(change, rows, rows.find(change.handle(), id).orElseThrow(), limits.silence());
                all++;
            }
        }
        return all;
    }

    /**
     * By which line one is expected that was never admitted. A line admits one machine: what it is told by can be read from a
     * label, or asked of the network, so who comes second with it waits.
     */
    private Optional<ExpectedMachine> expected(Change change, ResourceRow row, Hardware hardware) {
        MacAddress mac = row.resource().mac();
        return AdmissionRows.expecting(change.handle(), mac, hardware).stream()
                .filter(line -> line.mac() == null
                        ? AdmissionRows.bind(change, line, mac)
                        : line.mac().equals(mac) || !rows.isCardOfAnother(change.handle(), line.mac(), row.id()))
                .findFirst();
    }

    /** What the list says for plug-ins counts for a machine that is in the pool already, where nobody has answered about it. */
    void configure(Change change, long expected, ExpectedMachine machine) {
        Optional.ofNullable(machine.mac())
                .flatMap(mac -> rows.find(change.handle(), mac))
                .filter(ResourceRow::admitted)
                .filter(row ->
                        AdmissionRows.expecting(
                                        change.handle(),
                                        row.resource().mac(),
                                        row.resource().hardware())
                                .stream()
                                .anyMatch(found -> found.id() == expected))
                .ifPresent(row -> settings.apply(change, expected, row));
    }

    /** Gives it the name, the tags and the owner that it is expected with, and the answers that plug-ins want. */
    private void describe(Change change, ResourceRow row, ExpectedMachine machine) {
        name(change, row, machine.name());
        settings.apply(change, machine.id(), row);
        if (!machine.tags().isEmpty()) {
            rows.setTags(change, rows.find(change.handle(), row.id()).orElseThrow(), machine.tags());
        }
        if (!machine.owner().isEmpty()) {
            rows.lock(change, row.id());
            ResourceRow now = rows.find(change.handle(), row.id()).orElseThrow();
            rows.remark(change, rows.whole(change.handle(), now), Remark.of(machine.owner()));
        }
    }

    private void name(Change change, ResourceRow row, String name) {
        if (name == null || name.equals(row.resource().name())) {
            return;
        }
        if (rows.withHostName(change.handle(), name).isPresent()) {
            change.event(
                    Priority.WARNING,
                    "resource.name",
                    "resource/" + row.id(),
                    row.resource().name() + " was to be called " + name + ", but another machine has that name",
                    row.id());
            return;
        }
        rows.rename(change, row, name);
    }
}

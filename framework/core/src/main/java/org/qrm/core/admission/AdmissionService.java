package org.qrm.core.admission;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.admission.AdmissionWindow;
import org.qrm.api.admission.Admissions;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.admission.ExpectedMachineField;
import org.qrm.api.admission.ImportedMachines;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.MacAddress;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.resource.ResourceService;
import org.qrm.core.settings.ExpectedSettings;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;
import org.qrm.core.store.StaleException;
import org.qrm.core.store.Tags;

/** Admission of machines as others see and change it. */
public final class AdmissionService implements Admissions {

    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int MOST_OF_WINDOW = 100_000;
    private static final int MOST_EXPECTED = 100_000;
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern SERIAL = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,126}[\\x21-\\x7e])?");

    private final Database database;
    private final ResourceRows rows;
    private final Newcomers newcomers;
    private final ExpectedSettings settings;
    private final Clock clock;

    public AdmissionService(
            Database database, ResourceRows rows, Newcomers newcomers, ExpectedSettings settings, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.newcomers = newcomers;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<AdmissionWindow> window() {
        return database.read(handle -> AdmissionRows.window(handle, clock.millis()));
    }

    @Override
    public long waiting() {
        return database.read(handle -> rows.countWaiting(handle, ""));
    }

    @Override
    public AdmissionWindow open(Duration length, int machines) {
        if (length.compareTo(Duration.ofMinutes(1)) < 0 || length.compareTo(LONGEST) > 0) {
            throw QrmException.invalid(
                    "open admission window",
                    length.toMinutes() + " minutes",
                    "it would last too short or too long",
                    "Choose 1 to 10080 minutes.");
        }
        if (machines < 1 || machines > MOST_OF_WINDOW) {
            throw QrmException.invalid(
                    "open admission window",
                    machines + " machines",
                    "that is no number of machines for it",
                    "Choose 1 to 100000.");
        }
        Instant until = Instant.ofEpochMilli(clock.millis()).plus(length);
        database.change(change -> {
            AdmissionRows.setWindow(change, until.toEpochMilli(), machines);
            change.event(
                    Priority.WARNING,
                    "admission.window",
                    "admission",
                    "Until " + until + " the next " + machines + " new machines are admitted as they come",
                    null);
            return null;
        });
        return new AdmissionWindow(until, machines);
    }

    @Override
    public void close() {
        database.change(change -> {
            if (AdmissionRows.window(change.handle(), clock.millis()).isPresent()) {
                AdmissionRows.setWindow(change, 0, 0);
                change.event(
                        Priority.INFO, "admission.window", "admission", "New machines wait to be admitted again", null);
            }
            return null;
        });
    }

    @Override
    public int admitWaiting(String text) {
        return newcomers.admitWaiting(text);
    }

    @Override
    public int dropWaiting() {
        return newcomers.dropWaiting(Long.MAX_VALUE);
    }

    @Override
    public Page<ExpectedMachine> expected(
            Filter<ExpectedMachineField> filter, Sort<ExpectedMachineField> sort, PageRequest page) {
        return database.read(handle -> AdmissionRows.LISTING.page(handle, filter, sort, page));
    }

    @Override
    public Optional<ExpectedMachine> expected(long id) {
        return database.read(handle -> AdmissionRows.find(handle, id));
    }

    @Override
    public ImportedMachines expect(String csv, boolean dryRun) {
        return expectListed(MachineList.read(csv, settings), dryRun);
    }

    @Override
    public ImportedMachines expect(List<ExpectedMachine> machines, boolean dryRun) {
        return expectListed(
                machines.stream()
                        .map(machine -> new ListedMachine(machine, Map.of()))
                        .toList(),
                dryRun);
    }

    private ImportedMachines expectListed(List<ListedMachine> machines, boolean dryRun) {
        List<ListedMachine> normal = machines.stream()
                .map(listed -> new ListedMachine(normal(listed.machine()), listed.settings()))
                .toList();
        try {
            return database.change(change -> {
                ImportedMachines outcome = store(change, normal);
                if (dryRun) {
                    throw new OnlyTold(outcome);
                }
                return outcome;
            });
        } catch (OnlyTold told) {
            return told.outcome;
        }
    }

    /** Takes the transaction back. */
    private static final class OnlyTold extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient ImportedMachines outcome;

        OnlyTold(ImportedMachines outcome) {
            super("it was a dry run", null, false, false);
            this.outcome = outcome;
        }
    }

    private ImportedMachines store(Change change, List<ListedMachine> machines) {
        long before = AdmissionRows.count(change.handle());
        int added = 0;
        for (ListedMachine listed : machines) {
            Optional<ExpectedMachine> present = present(change, listed.machine());
            long id = present.isPresent() ? present.get().id() : AdmissionRows.insert(change, listed.machine());
            added += present.isPresent() ? 0 : 1;
            if (!listed.settings().isEmpty()) {
                settings.store(change, id, listed.settings());
                newcomers.configure(change, id, listed.machine());
            }
        }
        if (before + added > MOST_EXPECTED) {
            throw QrmException.refused(
                    MachineList.ATTEMPT,
                    "",
                    "there are " + before + " already, and " + MOST_EXPECTED + " are the most",
                    "Remove those that came long ago.");
        }
        return new ImportedMachines(added, machines.size() - added, newcomers.admitExpected(change));
    }

    /** Whether it is expected already. */
    private static Optional<ExpectedMachine> present(Change change, ExpectedMachine machine) {
        for (ExpectedMachine other : AdmissionRows.like(change.handle(), machine)) {
            if (sameBut(other, machine)) {
                return Optional.of(other);
            }
            if (machine.mac() != null && machine.mac().equals(other.mac())) {
                throw differs(machine, "machine " + other.id() + " with that card is expected with other values");
            }
            if (machine.name() != null && machine.name().equals(other.name())) {
                throw differs(machine, "expected machine " + other.id() + " has the name " + machine.name());
            }
        }
        return Optional.empty();
    }

    /** One that was given no MAC address has that of the machine that came. */
    private static boolean sameBut(ExpectedMachine other, ExpectedMachine machine) {
        MacAddress mac = machine.mac() == null ? other.mac() : machine.mac();
        return other.equals(new ExpectedMachine(
                other.id(), mac, machine.uuid(), machine.serial(), machine.name(), machine.tags(), machine.owner()));
    }

    private static QrmException differs(ExpectedMachine machine, String reason) {
        return QrmException.conflict(
                MachineList.ATTEMPT, shown(machine), reason, "Remove that one first, or give other values.");
    }

    /** As it is stored; refused when nothing would ever match it. */
    private static ExpectedMachine normal(ExpectedMachine machine) {
        String uuid = machine.uuid() == null ? null : machine.uuid().toLowerCase(Locale.ROOT);
        if (machine.mac() == null && uuid == null && machine.serial() == null) {
            throw QrmException.invalid(
                    MachineList.ATTEMPT,
                    shown(machine),
                    "nothing tells it from others",
                    "Give its MAC address, UUID or serial number.");
        }
        if (uuid != null && !UUID.matcher(uuid).matches()) {
            throw QrmException.invalid(
                    MachineList.ATTEMPT,
                    Name.printable(uuid),
                    "that is no UUID",
                    "Give 32 hexadecimal digits as 8-4-4-4-12, as /sys/class/dmi/id/product_uuid has them.");
        }
        if (machine.serial() != null && !SERIAL.matcher(machine.serial()).matches()) {
            throw QrmException.invalid(
                    MachineList.ATTEMPT,
                    Name.printable(machine.serial()),
                    "that is no serial number",
                    "Give 1 to 128 characters of ASCII, without blanks around them.");
        }
        if (machine.name() != null) {
            ResourceService.checkName(MachineList.ATTEMPT, machine.name());
        }
        return new ExpectedMachine(
                0,
                machine.mac(),
                uuid,
                machine.serial(),
                machine.name(),
                Tags.with(MachineList.ATTEMPT, List.of(), machine.tags()),
                Remark.of(machine.owner())
                        .checked(MachineList.ATTEMPT, shown(machine))
                        .owner());
    }

    private static String shown(ExpectedMachine machine) {
        return Name.printable(Stream.of(
                        machine.mac() == null ? null : machine.mac().value(),
                        machine.uuid(),
                        machine.serial(),
                        machine.name())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(""));
    }

    @Override
    public void forget(long id, Expected<ExpectedMachine> expected) {
        database.change(change -> {
            ExpectedMachine before = AdmissionRows.find(change.handle(), id)
                    .orElseThrow(() ->
                            QrmException.notFound("remove expected machine", "expected machine", String.valueOf(id)));
            expected.check(before);
            StaleException.unless(AdmissionRows.delete(change, id));
            return null;
        });
    }
}

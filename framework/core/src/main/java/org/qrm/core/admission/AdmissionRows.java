package org.qrm.core.admission;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.admission.AdmissionWindow;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.api.admission.ExpectedMachineField;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.core.store.Change;
import org.qrm.core.store.Column;
import org.qrm.core.store.Listing;
import org.qrm.core.store.Tags;

/** The tables of the window and of the machines that are expected. */
final class AdmissionRows {

    private static final RowMapper<ExpectedMachine> EXPECTED = (row, context) -> new ExpectedMachine(
            row.getLong("id"),
            row.getString("mac") == null ? null : new MacAddress(row.getString("mac")),
            row.getString("uuid"),
            row.getString("serial"),
            row.getString("name"),
            Tags.read(row.getString("tags")),
            row.getString("owner"));

    static final Listing<ExpectedMachine, ExpectedMachineField> LISTING =
            new Listing<>("expected_machine", EXPECTED, ExpectedMachineField.ID, AdmissionRows::column);

    private AdmissionRows() {}

    private static Column<ExpectedMachine> column(ExpectedMachineField field) {
        return switch (field) {
            case ID -> Column.number("id", ExpectedMachine::id);
            case MAC -> Column.only("mac = :value");
            case UUID -> Column.only("uuid = :value");
            case SERIAL -> Column.only("serial = :value");
            case NAME -> Column.only("name = :value");
        };
    }

    static Optional<AdmissionWindow> window(Handle handle, long now) {
        return handle.createQuery(
                        "select ends, machines from admission_window where id = 1 and ends > :now and machines > 0")
                .bind("now", now)
                .map((row, context) ->
                        new AdmissionWindow(Instant.ofEpochMilli(row.getLong("ends")), row.getInt("machines")))
                .findOne();
    }

    static void setWindow(Change change, long ends, int machines) {
        change.handle().execute("update admission_window set ends = ?, machines = ? where id = 1", ends, machines);
    }

    /** One machine fewer; false when no window is open, or it is used up. */
    static boolean takeOfWindow(Change change, long now) {
        return change.handle()
                        .execute(
                                "update admission_window set machines = machines - 1"
                                        + " where id = 1 and ends > ? and machines > 0",
                                now)
                == 1;
    }

    /** The lines by which a machine is expected: all that is given there is true of it. */
    static List<ExpectedMachine> expecting(Handle handle, MacAddress mac, Hardware hardware) {
        List<String> macs = Stream.concat(
                        Stream.of(mac), hardware.nics().stream().map(NetworkCard::mac))
                .map(MacAddress::value)
                .distinct()
                .toList();
        String uuid = uuid(hardware);
        String serial = serial(hardware);
        return handle
                .createQuery("select * from expected_machine where mac in (<macs>) or uuid = :uuid or serial = :serial"
                        + " order by id fetch first 100 rows only")
                .bindList("macs", macs)
                .bind("uuid", uuid)
                .bind("serial", serial)
                .map(EXPECTED)
                .stream()
                .filter(machine ->
                        (machine.mac() == null || macs.contains(machine.mac().value()))
                                && (machine.uuid() == null || machine.uuid().equals(uuid))
                                && (machine.serial() == null || machine.serial().equals(serial)))
                .toList();
    }

    /** From now on it expects the machine that boots from that card, and no other; false when it expects one already. */
    static boolean bind(Change change, ExpectedMachine machine, MacAddress mac) {
        return change.handle()
                        .execute(
                                "update expected_machine set mac = ? where id = ? and mac is null",
                                mac.value(),
                                machine.id())
                == 1;
    }

    private static String uuid(Hardware hardware) {
        return hardware.details().getOrDefault("uuid", "").strip().toLowerCase(Locale.ROOT);
    }

    private static String serial(Hardware hardware) {
        return hardware.details().getOrDefault("serial", "").strip();
    }

    static Optional<ExpectedMachine> find(Handle handle, long id) {
        return handle.createQuery("select * from expected_machine where id = :id")
                .bind("id", id)
                .map(EXPECTED)
                .findOne();
    }

    /** Those that have one of its values. */
    static List<ExpectedMachine> like(Handle handle, ExpectedMachine machine) {
        return handle.createQuery("select * from expected_machine where mac = :mac or name = :name"
                        + " or uuid = :uuid or serial = :serial order by id fetch first 100 rows only")
                .bind("mac", machine.mac() == null ? "" : machine.mac().value())
                .bind("name", machine.name() == null ? "" : machine.name())
                .bind("uuid", machine.uuid() == null ? "" : machine.uuid())
                .bind("serial", machine.serial() == null ? "" : machine.serial())
                .map(EXPECTED)
                .list();
    }

    static long count(Handle handle) {
        return handle.createQuery("select count(*) from expected_machine")
                .mapTo(Long.class)
                .one();
    }

    /** Answers its number. */
    static long insert(Change change, ExpectedMachine machine) {
        return change.handle()
                .createUpdate("insert into expected_machine (mac, uuid, serial, name, tags, owner)"
                        + " values (:mac, :uuid, :serial, :name, :tags, :owner)")
                .bind("mac", machine.mac() == null ? null : machine.mac().value())
                .bind("uuid", machine.uuid())
                .bind("serial", machine.serial())
                .bind("name", machine.name())
                .bind("tags", Tags.write(machine.tags()))
                .bind("owner", machine.owner())
                .executeAndReturnGeneratedKeys()
                .mapTo(Long.class)
                .one();
    }

    static boolean delete(Change change, long id) {
        return change.handle().execute("delete from expected_machine where id = ?", id) == 1;
    }
}

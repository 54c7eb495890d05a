package org.qrm.api.admission;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;

/**
 * Decides which machines may join. One that was never admitted waits in the idle environment: it is no candidate for
 * placement and is given no image and no boot service. It is admitted by somebody, by the list of expected machines, or
 * by a window of time. Partitions are admitted when they are made.
 */
@ProviderType
public interface Admissions {

    /** The window that is open now. */
    Optional<AdmissionWindow> window();

    /** How many machines wait. */
    long waiting();

    /**
     * Admits the next new machines as they come, in place of the window that was open before. Machines that wait already
     * are not concerned.
     *
     * @param length 1 minute to 7 days
     * @param machines how many, 1 to 100000
     * @throws org.qrm.api.QrmException INVALID
     */
    AdmissionWindow open(Duration length, int machines);

    /** Ends the window, if one is open. */
    void close();

    /** Admits all machines that wait; answers how many. */
    default int admitWaiting() {
        return admitWaiting("");
    }

    /**
     * Admits those of them that have this in name, MAC address, address, vendor, product, serial number or UUID, in capitals or not;
     * answers how many.
     *
     * @param text empty for all
     */
    int admitWaiting(String text);

    /** Forgets all machines that wait; answers how many. One that boots again waits again. */
    int dropWaiting();

    /** The machines that are expected, those that came included. */
    Page<ExpectedMachine> expected(
            Filter<ExpectedMachineField> filter, Sort<ExpectedMachineField> sort, PageRequest page);

    /** One of them. */
    Optional<ExpectedMachine> expected(long id);

    /**
     * Expects machines, all or none. Those that are there already, with the same values, are left as they are. One that
     * waits and is among them is admitted.
     *
     * @param dryRun whether only to tell
     * @throws org.qrm.api.QrmException INVALID, naming the machine; CONFLICT when another has the same address or name
     */
    ImportedMachines expect(List<ExpectedMachine> machines, boolean dryRun);

    /**
     * The same, of a list with a line for each machine, separated by commas as RFC 4180 says. Its first line names the
     * columns: some of {@code mac uuid serial name tags}, in any order; tags have blanks between them. Further columns are what
     * registered plug-ins ask about machines, as {@code ipmi.address}. A machine has such answers when it is admitted, or now if it
     * is in the pool, unless the plug-in was answered about it already. Spaces around values without quotation marks, empty lines and
     * lines that begin with {@code #} do not count.
     *
     * @throws org.qrm.api.QrmException INVALID, naming the line, or the lines and columns of what plug-ins do not take
     */
    ImportedMachines expect(String csv, boolean dryRun);

    /**
     * Expects one no longer. If it was admitted it stays so.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND
     */
    void forget(long id, Expected<ExpectedMachine> expected);
}

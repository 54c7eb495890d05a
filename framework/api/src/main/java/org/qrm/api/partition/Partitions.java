package org.qrm.api.partition;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.Operation;

/**
 * Partitions, whichever plug-in makes them. A host is a machine on which a virtual environment with partitioning is active.
 *
 * <p>Reasons for a QrmException of all methods: NOT_FOUND; CONFLICT when the resource is no host, or a state does not
 * allow it; UNAVAILABLE when the plug-in or the host does not answer.
 */
@ProviderType
public interface Partitions {

    /** The partitions of a host, by id; none of any other machine. */
    List<Partition> list(long host);

    /** @param id of the resource that it is */
    Optional<Partition> find(long id);

    /** What the host has now. */
    HostCapacity capacity(long host);

    /**
     * Creates and starts partitions; the operation is done when each waits as an idle resource.
     *
     * @param count 1..64
     * @throws org.qrm.api.QrmException INVALID; REFUSED with the figures when they do not fit beside what the host itself
     *     needs
     */
    Operation create(long host, int count, PartitionSize size);

    /**
     * Starts an action.
     *
     * @param force for STOP, RESTART and REMOVE: at once, without asking its system
     * @throws org.qrm.api.QrmException CONFLICT also when its virtual environment stands against it
     */
    Operation act(long partition, PartitionAction action, boolean force);

    /**
     * Gives it another size or other CPUs of the host.
     *
     * @param size as it is to be, or null to leave it
     * @param pinnedCpus the host's CPUs that it may use, {@code 0-1,3}; empty for any, null to leave it
     * @throws org.qrm.api.QrmException INVALID; REFUSED with the figures
     */
    default Operation change(long partition, PartitionSize size, String pinnedCpus) {
        return change(partition, size, pinnedCpus, Expected.any());
    }

    /** The same, while it is still as expected. */
    Operation change(long partition, PartitionSize size, String pinnedCpus, Expected<Partition> expected);

    /**
     * The end of what it wrote to its console.
     *
     * @param bytes at most so much, 1..1048576
     */
    String console(long partition, int bytes);

    /**
     * Types at its console, as a person at a terminal would.
     *
     * @param text 1..4096 bytes in UTF-8, control characters included; a line ends with a carriage return
     */
    void type(long partition, String text);

    /**
     * Opens its console as a terminal. It begins with the end of what was written before, as plain text.
     *
     * @return to be closed by the caller; ends by itself when the partition does, or its plug-in goes
     * @throws org.qrm.api.QrmException REFUSED also when its plug-in has no terminals
     */
    Terminal openTerminal(long partition, TerminalSize size);
}
